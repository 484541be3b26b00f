import type { BodySlot } from '../body.ts'
import { isUnchanged } from '../exact/exact.ts'
import type { Link } from '../link.ts'
import { isLongTraining } from '../update.ts'

/**
 * What a link says about which end came first, kept per slot so that bootstrap replicates can weigh slots anew.
 * Positive numbers speak for a → b.
 */
export interface DirectionEvidence {
  /** Growth of the squared norm from a to b, per slot. */
  readonly growth: Float64Array
  /** Squared distance per slot, over the slots that count here. */
  readonly distance: Float64Array
  /** +1 where the distance from Gaussian is larger in a, -1 where it is larger in b, 0 where it does not count. */
  readonly kurtosis: Float64Array
  /** Not evidence but proof (a cast cannot be undone): ±Infinity, else 0. */
  readonly proof: number
}

/** Weight of the prior over roots that prefers balanced trees (rumor centrality; Shah & Zaman 2011). */
const BALANCE = 0.1

/**
 * Evidence of one link over the matrices that differ. An update that is orthogonal to its parent's weights adds its
 * own squared norm, ‖C‖² − ‖P‖² ≈ ‖C − P‖²; and it is closer to Gaussian than trained weights are, so the excess
 * kurtosis moves towards 0 (MoTHer, arXiv 2405.18432, for the sign in specialization).
 */
export function directionEvidence(link: Link, body: readonly BodySlot[], proof = 0): DirectionEvidence {
  const growth = new Float64Array(body.length)
  const distance = new Float64Array(body.length)
  const kurtosis = new Float64Array(body.length)
  body.forEach((slot, index) => {
    const d = link.distances[index]!
    const [x, y] = [slot.tensors[link.a], slot.tensors[link.b]]
    if (!slot.matrix || !x || !y || d === 0 || isUnchanged(x, y)) return
    const [a, b] = [x.moments!, y.moments!]
    growth[index] = b.sumSquares - a.sumSquares
    distance[index] = d
    kurtosis[index] = Math.sign(Math.abs(a.excessKurtosis) - Math.abs(b.excessKurtosis)) || 0
  })
  // In long training kurtosis may move either way.
  if (isLongTraining(body, link)) kurtosis.fill(0)
  return { growth, distance, kurtosis, proof }
}

/** Pooled evidence for a → b, about -2 to 2: norm growth (1 if orthogonal) plus the mean sign of the kurtosis change. */
export function pooledEvidence(evidence: DirectionEvidence, weights?: Float64Array): number {
  if (evidence.proof !== 0) return evidence.proof
  let growth = 0
  let distance = 0
  let kurtosis = 0
  let counted = 0
  for (let i = 0; i < evidence.growth.length; i++) {
    const weight = weights ? weights[i]! : 1
    if (evidence.distance[i] === 0 || weight === 0) continue
    growth += weight * evidence.growth[i]!
    distance += weight * evidence.distance[i]!
    kurtosis += weight * evidence.kurtosis[i]!
    counted += weight
  }
  if (counted === 0) return 0
  return Math.max(-1, Math.min(1, growth / distance)) + kurtosis / counted
}

/** An undirected tree edge with the evidence that a came before b. */
export interface WeighedEdge {
  readonly a: number
  readonly b: number
  readonly evidence: number
}

/**
 * The root that agrees best with the evidence of all edges at once: the score of a root is the sum of the evidence of
 * the edges, each pointing away from it, minus the balance prior. One decision per tree, not one per edge.
 *
 * @param nodes number of nodes, all connected by the edges
 */
export function bestRoot(nodes: number, edges: readonly WeighedEdge[]): number {
  const neighbours: { to: number; evidence: number }[][] = Array.from({ length: nodes }, () => [])
  for (const { a, b, evidence } of edges) {
    // A proof outweighs any number of edges of evidence, and stays finite so that sums remain comparable.
    const weight = Number.isFinite(evidence) ? evidence : Math.sign(evidence) * 10 * nodes
    neighbours[a]!.push({ to: b, evidence: weight })
    neighbours[b]!.push({ to: a, evidence: -weight })
  }
  const order = [0]
  const up = new Int32Array(nodes).fill(-1)
  for (const node of order) {
    for (const { to } of neighbours[node]!) {
      if (to === up[node]) continue
      up[to] = node
      order.push(to)
    }
  }
  const size = new Float64Array(nodes).fill(1)
  for (const node of order.toReversed()) if (up[node]! >= 0) size[up[node]!]! += size[node]!
  const score = new Float64Array(nodes)
  for (const node of order.slice(1)) {
    const edge = neighbours[up[node]!]!.find(({ to }) => to === node)!
    score[0]! += edge.evidence - BALANCE * Math.log(size[node]!)
  }
  // Moving the root over one edge turns that edge round and exchanges the two subtree sizes at its ends.
  for (const node of order.slice(1)) {
    const edge = neighbours[up[node]!]!.find(({ to }) => to === node)!
    score[node] =
      score[up[node]!]! - 2 * edge.evidence + BALANCE * (Math.log(size[node]!) - Math.log(nodes - size[node]!))
  }
  return order.reduce((best, node) => (score[node]! > score[best]! ? node : best), 0)
}

/** Parent of every node when the tree hangs from `root`; -1 for the root. */
export function parentsFrom(root: number, nodes: number, edges: readonly { a: number; b: number }[]): Int32Array {
  const neighbours: number[][] = Array.from({ length: nodes }, () => [])
  for (const { a, b } of edges) {
    neighbours[a]!.push(b)
    neighbours[b]!.push(a)
  }
  const parents = new Int32Array(nodes).fill(-1)
  const order = [root]
  for (const node of order) {
    for (const next of neighbours[node]!) {
      if (next === parents[node]) continue
      parents[next] = node
      order.push(next)
    }
  }
  return parents
}
