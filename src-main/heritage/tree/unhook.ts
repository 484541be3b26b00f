import { isAnnealedLeaf } from './annealed.ts'
import type { BodySlot } from '../body.ts'
import type { ForcedLink } from './candidate-links.ts'
import { linkBetween, pairKey, totalDistance, type Link } from '../link.ts'
import { describeUpdate, isLongTraining } from '../update.ts'

/** Only a branch that is so many times longer (squared) can hang at the wrong end of a short one. */
const LONG = 16
/** The nearest of the distant models measure the step most surely. */
const WITNESSES = 6

/** A link of the tree as it is, and the one the distances gave. */
export interface HookedLink {
  readonly link: Link
  /** Position of the original among the candidates. */
  readonly index: number
}

/**
 * Moves long branches that hang from an annealed leaf to the model the leaf was tuned from. Distances alone put them
 * there because the leaf has lost noise that is in nothing else (annealed.ts).
 *
 * @param distances squared distances between all members
 */
export function unhook(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  links: readonly Link[],
  tree: readonly number[],
  forced: readonly ForcedLink[],
): HookedLink[] {
  const derived = new Set(forced.map(([a, b]) => pairKey(a, b)))
  const distance = (a: number, b: number): number => distances[a]![b]!
  const known = new Map<string, boolean>()
  const isLeaf = (h: number, f: number, short: number): boolean => {
    const key = `${h} ${f}`
    const before = known.get(key)
    if (before !== undefined) return before
    const far = distances
      .map((_, x) => ({ x, away: x === h || x === f ? 0 : distance(x, f) }))
      .filter(({ away }) => away >= LONG * short)
      .sort((a, b) => a.away - b.away)
      .slice(0, WITNESSES)
      .map(({ x }) => x)
    // What anneals noise is of full rank itself; a low-rank update and an exact derivation leave it as it is.
    const near = far.filter((x) => distance(x, f) < distance(x, h))
    const trained = near.length > 0 && !derived.has(pairKey(h, f)) && describeUpdate(body, h, f).type !== 'lora'
    const answer = trained && isAnnealedLeaf(body, h, f, near)
    known.set(key, answer)
    return answer
  }
  const hooked = tree.map((index): HookedLink => ({ link: links[index]!, index }))
  for (const [at, { link, index }] of hooked.entries()) {
    let best = link
    // A leaf may hang from another leaf: at most one move for each model on the way to the hub.
    for (let step = 0; step < distances.length; step++) {
      const better = betterEnd(best)
      if (!better) break
      best = better
    }
    hooked[at] = { link: best, index }
  }
  return hooked

  /** The same link with one end moved from a leaf to its hub, or null. */
  function betterEnd(link: Link): Link | null {
    const length = totalDistance(body, link)
    // Noise to take back is left by long training at a high rate alone.
    if (!isLongTraining(body, link)) return null
    for (const [f, x] of [
      [link.a, link.b],
      [link.b, link.a],
    ] as const) {
      for (const { link: other } of hooked) {
        if (other.a !== f && other.b !== f) continue
        const h = other.a === f ? other.b : other.a
        const short = totalDistance(body, other)
        if (h === x || short === 0 || LONG * short > length || !isLeaf(h, f, short)) continue
        return linkBetween(body, h, x)
      }
    }
    return null
  }
}
