import type { BodySlot } from '../body.ts'
import { directionEvidence, pooledEvidence } from '../tree/direction.ts'
import { USUAL_COSINE } from '../tree/correlation.ts'
import { linkBetween } from '../link.ts'
import type { Merge } from './merge.ts'
import type { ForcedLink } from '../tree/candidate-links.ts'

/** A step orthogonal to the merge's own shows 0 (measured up to .09), a parent 1; relatives of parents may lie anywhere. */
const ALONG = 0.12
/** The cosine that two updates have by chance makes up a larger share of a shorter way, but no more than this. */
const MOST_ALONG = 0.3

/**
 * What was trained from a merge, or from something below it: models that lie nearer to it than to anything else, and
 * whose way from it is orthogonal to its ways from its parents and looks like training. In the tree they would bridge the parents.
 *
 * @param distances squared distances between all members of the family
 */
export function membersBelow(
  body: readonly BodySlot[],
  merge: Merge,
  merges: readonly Merge[],
  distances: readonly Float64Array[],
  forced: readonly ForcedLink[],
): number[] {
  const { child: top } = merge
  const sources = [...merge.parents.map(({ node }) => node), ...(merge.base === null ? [] : [merge.base])]
  const excluded = new Set([...sources, ...merges.map(({ child }) => child)])
  const derivatives = new Map(forced.map(([source, derivative]) => [derivative, source]))
  const below = new Set<number>()
  for (let grown = true; grown;) {
    grown = false
    for (let x = 0; x < distances.length; x++) {
      if (below.has(x) || excluded.has(x) || !isBelow(x)) continue
      below.add(x)
      grown = true
    }
  }
  return [...below].sort((a, b) => a - b)

  function isBelow(x: number): boolean {
    const source = derivatives.get(x)
    if (source !== undefined) return source === top || below.has(source)
    const nearest = [...distances.keys()]
      .filter((y) => y !== x && derivatives.get(y) !== x)
      .reduce((best, y) => (distances[x]![y]! < distances[x]![best]! ? y : best))
    if (nearest !== top) return below.has(nearest)
    if (pooledEvidence(directionEvidence(linkBetween(body, top, x), body)) <= 0) return false
    return sources.every((p) => {
      const [step, way] = [distances[x]![top]!, distances[p]![top]!]
      const along = (step + way - distances[x]![p]!) / (2 * way)
      const chance = Math.min(MOST_ALONG, 2 * USUAL_COSINE * Math.sqrt(step / way))
      return Math.abs(along) < Math.max(ALONG, chance) && step < distances[x]![p]!
    })
  }
}
