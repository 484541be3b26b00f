import type { BodySlot } from './body.ts'
import { bestRoot, directionEvidence, parentsFrom, pooledEvidence, type DirectionEvidence } from './direction.ts'
import { linkBetween, totalDistance, type Link } from './link.ts'
import { resample, seededRandom } from './random.ts'
import { minimumSpanningTree } from './spanning-tree.ts'

/** One link of the tree of a family, pointing away from its root. Positions within the family. */
export interface TreeLink {
  readonly parent: number
  readonly child: number
  readonly support: number
  readonly directionSupport: number
}

export const REPLICATES = 400

/** Pairs of more distant models are not tried as links in families larger than this. */
const ALL_PAIRS_LIMIT = 64
const NEAREST = 16

/** Pairs (parent, child) that hold whatever the distances say, and point one way only. */
export type ForcedLink = readonly [parent: number, child: number]

/**
 * The tree of one family: the minimum spanning tree on squared distances, which are additive along a tree because an
 * update is nearly orthogonal to what came before; rooted where the pooled evidence of all links agrees best; with the
 * support of both in bootstrap replicates over tensors (Felsenstein 1985).
 */
export function familyTree(body: readonly BodySlot[], nodes: number, forced: readonly ForcedLink[]): TreeLink[] {
  const links = candidateLinks(body, nodes, forced)
  const proofs = new Map(forced.map(([parent, child]) => [pairKey(parent, child), parent]))
  const evidence = links.map((link) => {
    const first = proofs.get(pairKey(link.a, link.b))
    return directionEvidence(link, body, first === undefined ? 0 : first === link.a ? Infinity : -Infinity)
  })
  const tree = solve(body, links, evidence, nodes)
  const found = new Map(tree.map(({ index }) => [index, { links: 0, directed: 0 }]))
  const random = seededRandom(nodes)
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const drawn = solve(body, links, evidence, nodes, resample(body.length, random))
    const parentOf = new Map(drawn.map(({ index, parent }) => [index, parent]))
    for (const { index, parent } of tree) {
      const other = parentOf.get(index)
      if (other === undefined) continue
      const count = found.get(index)!
      count.links++
      if (other === parent) count.directed++
    }
  }
  return tree.map(({ index, parent, child }) => {
    const count = found.get(index)!
    return {
      parent,
      child,
      support: count.links / REPLICATES,
      directionSupport: count.links === 0 ? 0 : count.directed / count.links,
    }
  })
}

interface Placed {
  readonly index: number
  readonly parent: number
  readonly child: number
}

function solve(
  body: readonly BodySlot[],
  links: readonly Link[],
  evidence: readonly DirectionEvidence[],
  nodes: number,
  weights?: Float64Array,
): Placed[] {
  // A proven link comes first whatever its length.
  const lengths = links.map((link, index) => (evidence[index]!.proof === 0 ? totalDistance(body, link, weights) : -1))
  const taken = minimumSpanningTree(nodes, links, lengths)
  const edges = taken.map((index) => ({
    a: links[index]!.a,
    b: links[index]!.b,
    evidence: pooledEvidence(evidence[index]!, weights),
  }))
  const parents = parentsFrom(bestRoot(nodes, edges), nodes, edges)
  return taken.map((index) => {
    const { a, b } = links[index]!
    return parents[b] === a ? { index, parent: a, child: b } : { index, parent: b, child: a }
  })
}

/** Every pair in a small family; in a large one each model's nearest, and the spanning tree so that all hang together. */
function candidateLinks(body: readonly BodySlot[], nodes: number, forced: readonly ForcedLink[]): Link[] {
  const proven = new Set(forced.map(([parent, child]) => pairKey(parent, child)))
  const leaves = new Set(forced.map(([, child]) => child))
  const pairs: { a: number; b: number }[] = []
  for (let a = 0; a < nodes; a++) {
    for (let b = a + 1; b < nodes; b++) {
      // An exact derivative hangs from its source alone; what was trained from it is moved below it afterwards.
      if ((leaves.has(a) || leaves.has(b)) && !proven.has(pairKey(a, b))) continue
      pairs.push({ a, b })
    }
  }
  if (nodes <= ALL_PAIRS_LIMIT) return pairs.map(({ a, b }) => linkBetween(body, a, b))
  const lengths = Float64Array.from(pairs, ({ a, b }) => totalDistance(body, linkBetween(body, a, b)))
  const kept = new Set(minimumSpanningTree(nodes, pairs, lengths))
  const nearest: number[][] = Array.from({ length: nodes }, () => [])
  pairs.forEach(({ a, b }, index) => {
    nearest[a]!.push(index)
    nearest[b]!.push(index)
  })
  for (const mine of nearest) {
    mine.sort((x, y) => lengths[x]! - lengths[y]!)
    for (const index of mine.slice(0, NEAREST)) kept.add(index)
  }
  return pairs.filter((_, index) => kept.has(index)).map(({ a, b }) => linkBetween(body, a, b))
}

function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
