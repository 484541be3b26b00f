import type { BodySlot } from '../body.ts'
import { equalElements, linkBetween, pairKey, type Link } from '../link.ts'
import { minimumSpanningTree } from './spanning-tree.ts'

/** Pairs of more distant models are not tried as links in families larger than this. */
const ALL_PAIRS_LIMIT = 64
const NEAREST = 16

/** Pairs (parent, child) that hold whatever the distances say, and point one way only. */
export type ForcedLink = readonly [parent: number, child: number]

/**
 * Every pair in a small family; in a large one each model's nearest, and the spanning tree so that all hang together.
 *
 * @param distances squared distances between all members
 */
export function candidateLinks(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  forced: readonly ForcedLink[],
): Link[] {
  const nodes = distances.length
  const proven = new Set(forced.map(([parent, child]) => pairKey(parent, child)))
  const derived = new Set(forced.map(([, child]) => child))
  const pairs: { a: number; b: number }[] = []
  for (let a = 0; a < nodes; a++) {
    for (let b = a + 1; b < nodes; b++) {
      // Derivatives hang from their sources, not from each other.
      if (derived.has(a) && derived.has(b) && !proven.has(pairKey(a, b))) continue
      pairs.push({ a, b })
    }
  }
  if (nodes <= ALL_PAIRS_LIMIT) return pairs.map(({ a, b }) => linkBetween(body, a, b))
  const lengths = Float64Array.from(pairs, ({ a, b }) => distances[a]![b]!)
  const inCommon = Float64Array.from(pairs, ({ a, b }) => equalElements(body, a, b))
  const kept = new Set(minimumSpanningTree(nodes, pairs, lengths, inCommon))
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
