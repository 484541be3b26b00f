/** Weight of the prior over roots that prefers balanced trees (rumor centrality; Shah & Zaman 2011), which at 1 would be whole. */
const BALANCE = 0.1

/** Log-odds of a proof that is no less than certain, and finite so that sums remain comparable. */
const CERTAIN = 1000

/** An undirected tree edge with the log-odds that a came before b. */
export interface WeighedEdge {
  readonly a: number
  readonly b: number
  readonly evidence: number
}

/**
 * How well each root explains the evidence of all edges at once, as a logarithm: half the log-odds of every edge as it points
 * away from the root, less the balance prior. One decision per tree, not one per edge.
 *
 * @param nodes number of nodes, all connected by the edges
 */
export function rootScores(nodes: number, edges: readonly WeighedEdge[]): Float64Array {
  const neighbours: { to: number; evidence: number }[][] = Array.from({ length: nodes }, () => [])
  for (const { a, b, evidence } of edges) {
    const half = Math.max(-CERTAIN * nodes, Math.min(CERTAIN * nodes, evidence)) / 2
    neighbours[a]!.push({ to: b, evidence: half })
    neighbours[b]!.push({ to: a, evidence: -half })
  }
  const order = [0]
  const up = new Int32Array(nodes).fill(-1)
  const toward = new Float64Array(nodes)
  for (const node of order) {
    for (const { to, evidence } of neighbours[node]!) {
      if (to === up[node]) continue
      up[to] = node
      toward[to] = evidence
      order.push(to)
    }
  }
  const size = new Float64Array(nodes).fill(1)
  for (const node of order.toReversed()) if (up[node]! >= 0) size[up[node]!]! += size[node]!
  const score = new Float64Array(nodes)
  for (const node of order.slice(1)) score[0]! += toward[node]! - BALANCE * Math.log(size[node]!)
  // Moving the root over one edge turns that edge round and exchanges the two subtree sizes at its ends.
  for (const node of order.slice(1)) {
    score[node] =
      score[up[node]!]! - 2 * toward[node]! + BALANCE * (Math.log(size[node]!) - Math.log(nodes - size[node]!))
  }
  return score
}

/** The root that explains the evidence best; the first of equals. */
export function bestRoot(scores: Float64Array): number {
  return scores.reduce((best, score, node) => (score > scores[best]! ? node : best), 0)
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

/** For each node, the probability that the root is not below it: that the link from its parent points towards it. */
export function pointsAwayFromRoot(scores: Float64Array, parents: Int32Array): Float64Array {
  const best = scores[bestRoot(scores)]!
  const weights = scores.map((score) => Math.exp(score - best))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const below = weights.slice()
  const children = new Int32Array(parents.length)
  for (const parent of parents) if (parent >= 0) children[parent]!++
  const leaves = [...parents.keys()].filter((node) => children[node] === 0)
  for (const node of leaves) {
    const parent = parents[node]!
    if (parent < 0) continue
    below[parent]! += below[node]!
    if (--children[parent]! === 0) leaves.push(parent)
  }
  return below.map((weight) => 1 - weight / total)
}
