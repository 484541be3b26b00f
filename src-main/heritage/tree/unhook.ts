import { isAnnealedLeaf, isSibling, SURE } from './annealed.ts'
import type { BodySlot } from '../body.ts'
import type { ForcedLink } from './candidate-links.ts'
import { linkBetween, pairKey, totalDistance, type Link } from '../link.ts'
import { isInferred } from '../tensors.ts'
import { describeUpdate, isLongTraining } from '../update.ts'

/** Only a branch that is so many times longer (squared) can hang at the wrong end of a short one. */
const LONG = 16
/** The nearest of the distant models measure the step most surely. */
const WITNESSES = 6
/** Half of the way to f is where a model is as near to f as to h; siblings share a small part of it. */
const BESIDE = 0.25

/** A link of the tree as it is, and the one the distances gave. */
export interface HookedLink {
  readonly link: Link
  /** Position of the original among the candidates. */
  readonly index: number
}

interface Hooked {
  readonly links: readonly HookedLink[]
  /** Each leaf that a branch was moved from, after the model that it was tuned from. */
  readonly leaves: readonly ForcedLink[]
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
): Hooked {
  const cells = body.reduce((sum, slot) => sum + (slot.tensors[0]?.sketch?.length ?? 0), 0)
  const derived = new Set(forced.map(([a, b]) => pairKey(a, b)))
  const distance = (a: number, b: number): number => distances[a]![b]!
  const isMissing = (node: number): boolean => body.some(({ tensors }) => tensors[node] && isInferred(tensors[node]))
  const isTrained = memoized((h, f) => {
    // What anneals noise is of full rank itself; a low-rank update and an exact derivation leave it as it is. A missing model is no
    // leaf: it shows by what hangs from it, and its noise is that of the estimate.
    return !derived.has(pairKey(h, f)) && !isMissing(f) && describeUpdate(body, h, f).type !== 'lora'
  })
  const isLeaf = memoized((h, f) => {
    const far = distances
      .map((_, x) => ({ x, away: x === h || x === f ? 0 : distance(x, f) }))
      .filter(({ away }) => away >= LONG * distance(h, f))
      .sort((a, b) => a.away - b.away)
      .slice(0, WITNESSES)
      .map(({ x }) => x)
    const near = far.filter((x) => distance(x, f) < distance(x, h))
    return near.length > 0 && isTrained(h, f) && isAnnealedLeaf(body, h, f, near)
  })
  const hasSiblings = memoized((h, f) => isTrained(h, f) && isSibling(body, h, f, shortBranches(h, f)))
  const leaves: ForcedLink[] = []
  const hooked = tree.map((index): HookedLink => ({ link: links[index]!, index }))
  for (const [at, { link, index }] of hooked.entries()) {
    let best = link
    const passed: ForcedLink[] = []
    // A leaf may hang from another leaf: at most one move for each model on the way to the hub.
    for (let better = betterEnd(best); better && passed.length < distances.length; better = betterEnd(best)) {
      best = better.link
      passed.push(better.leaf)
    }
    const moved = pairKey(best.a, best.b) !== pairKey(link.a, link.b)
    if (!moved) continue
    hooked[at] = { link: best, index }
    leaves.push(...passed)
  }
  return { links: hooked, leaves }

  /** The same link with one end moved from a leaf to its hub, and these two; or null. */
  function betterEnd(link: Link): { link: Link; leaf: ForcedLink } | null {
    const length = totalDistance(body, link)
    // Noise to take back is left by long training at a high rate alone.
    if (!isLongTraining(body, link)) return null
    for (const [f, x] of [
      [link.a, link.b],
      [link.b, link.a],
    ] as const) {
      for (const h of neighbours(f)) {
        const short = distance(h, f)
        if (h === x || short === 0 || LONG * short > length) continue
        // Siblings say more than one distant model: where they name f, it is no leaf of h.
        const isAnnealed = isLeaf(h, f) && !hasSiblings(f, h)
        const isNamed = hasSiblings(h, f) && isNotBelow(x, h, f)
        if (isAnnealed || isNamed) return { link: linkBetween(body, h, x), leaf: [h, f] }
      }
    }
    return null
  }

  function neighbours(node: number): number[] {
    return hooked.flatMap(({ link: { a, b } }) => (a === node ? [b] : b === node ? [a] : []))
  }

  /** What was trained from h on short branches beside f: from f it would have to contain all of the step to it. */
  function shortBranches(h: number, f: number): number[] {
    return neighbours(h).filter((y) => {
      const link = linkBetween(body, h, y)
      return y !== f && !derived.has(pairKey(h, y)) && !isLongTraining(body, link) && contained(y, h, f) < BESIDE
    })
  }

  /** Share of the step h → f that x contains, by distances alone. */
  function contained(x: number, h: number, f: number): number {
    return (distance(x, h) + distance(h, f) - distance(x, f)) / (2 * distance(h, f))
  }

  /**
   * Where siblings name h, x does not come from f if it came before both, and hangs from the older of the two; nor if it
   * contains less than the whole step h → f: below f the noise that it lost as well would make that more than the whole.
   */
  function isNotBelow(x: number, h: number, f: number): boolean {
    if (isBefore(x, h) && isBefore(x, f)) return true
    return 1 - contained(x, h, f) > SURE * Math.sqrt(distance(x, h) / distance(h, f) / cells)
  }

  /** By norm growth alone: annealing spoils the other signs. */
  function isBefore(x: number, y: number): boolean {
    const growth = body.reduce((sum, { matrix, tensors }) => {
      const [a, b] = [tensors[x]?.moments, tensors[y]?.moments]
      return sum + (matrix && a && b ? b.sumSquares - a.sumSquares : 0)
    }, 0)
    return growth > 0
  }
}

function memoized(answer: (h: number, f: number) => boolean): (h: number, f: number) => boolean {
  const known = new Map<string, boolean>()
  return (h, f) => {
    const key = `${h} ${f}`
    const value = known.get(key) ?? answer(h, f)
    known.set(key, value)
    return value
  }
}
