import type { BodySlot } from '../body.ts'
import type { Link } from '../link.ts'
import type { Merge } from '../merge/merge.ts'
import { MOST_AT_A_NODE, neighboursIn } from './correlation.ts'
import { bootstrapShare } from './support.ts'
import { findGhost, sharedComponent, type Ghost } from './ghost.ts'

/** A smaller share may be the chance likeness of two updates, and one near 1 is the other model itself, or what was made from it. */
const LEAST_SHARE = 0.2
const MOST_SHARE = 0.95
/** How much of its way the two shares must explain: half where a merge dropped half of the elements. */
const LEAST_EXPLAINED = 0.3
/** What hangs from the missing model has the way to it in common with all others, within this share. */
const APART = 0.25

/**
 * Merges whose base is missing (DARE, TIES, task arithmetic) stand in the tree between two of their parents v and b, and hide the
 * missing model h: seen from v they have a part of ‖h − v‖² in common with all others. Such a model m is recognised where, with one of
 * its other neighbours, b, put in its place, v's neighbours show a missing model to which b belongs, and m has parts of both their ways:
 * ⟨m − h, v − h⟩ / ‖v − h‖² and the same for b. Where the missing model shows in spite of it, m hangs between two that hang from h. What was
 * trained from h, or is h, has no such part, for updates are orthogonal.
 *
 * @param tree links of the spanning tree
 * @param exempt derivatives
 * @param ghosts of that tree
 */
export function findMixture(
  body: readonly BodySlot[],
  nodes: number,
  tree: readonly Link[],
  exempt: ReadonlySet<number>,
  ghosts: readonly Ghost[],
): Merge | null {
  const neighbours = neighboursIn(nodes, tree).map((around) => around.filter((node) => !exempt.has(node)))
  for (let v = 0; v < nodes; v++) {
    for (const mixed of neighbours[v]!) {
      const beside = neighbours[v]!.filter((node) => node !== mixed)
      const beyond = neighbours[mixed]!.filter((node) => node !== v)
      if (beside.length < 2 || beside.length > MOST_AT_A_NODE || beyond.length === 0) continue
      const shared = sharedComponent(body, v, [...beside, ...beyond, mixed])
      // One by one: the others may hang below m.
      const readings = beyond.flatMap((b) => {
        const group = findGhost([...beside, b], shared)
        const read: Reader = (seen) => readMixture(seen, group!, v, b, mixed)
        const reading = group?.includes(b) ? read(shared) : null
        return reading ? { ...reading, read } : []
      })
      const best = mostExplained(readings)
      if (best) return withSupport(body, best, shared)
    }
  }
  return besideGhosts(body, neighbours, ghosts)
}

/** A mixture between a neighbour v of a missing model and another model, b, whose way to it is hidden by the mixture. */
function besideGhosts(
  body: readonly BodySlot[],
  neighbours: readonly (readonly number[])[],
  ghosts: readonly Ghost[],
): Merge | null {
  for (const { near, group } of ghosts) {
    for (const v of group) {
      for (const mixed of neighbours[v]!.filter((node) => node !== near && !group.includes(node))) {
        const beyond = neighbours[mixed]!.filter((node) => node !== v)
        const shared = sharedComponent(body, near, [...group, ...beyond, mixed])
        const readings = beyond.flatMap((b) => {
          const read: Reader = (seen) => readBeside(seen, group, v, b, mixed)
          const reading = read(shared)
          return reading ? { ...reading, read } : []
        })
        const best = mostExplained(readings)
        if (best) return withSupport(body, best, shared)
      }
    }
  }
  return null
}

/** ⟨i − v, j − v⟩ for a v, each slot counted `weights[slot]` times (ghost.ts). */
type Shared = (i: number, j: number, weights?: Float64Array) => number
type Reader = (shared: Shared) => Reading | null

interface Reading {
  readonly merge: Merge
  readonly explained: number
}

function mostExplained<T extends Reading>(readings: readonly T[]): T | undefined {
  return readings.toSorted((x, y) => y.explained - x.explained)[0]
}

/** Support is the share of bootstrap replicates over tensors in which the same is read. */
function withSupport(body: readonly BodySlot[], { merge, read }: Reading & { read: Reader }, shared: Shared): Merge {
  return { ...merge, support: bootstrapShare(body.length, (weights) => read((i, j) => shared(i, j, weights)) !== null) }
}

/** As seen from another neighbour of the missing model, with which none of the three has anything else in common. */
function readBeside(shared: Shared, group: readonly number[], v: number, b: number, mixed: number): Reading | null {
  const others = group.filter((node) => node !== v && node !== b)
  const mean = (value: (node: number) => number): number =>
    others.reduce((sum, node) => sum + value(node), 0) / others.length
  const constant = mean((x) => shared(x, v))
  const [toV, toB] = [shared(v, v) - constant, shared(b, b) - constant]
  const isApart =
    [b, mixed].every((node) => Math.abs(mean((x) => shared(x, node)) / constant - 1) < APART) &&
    // What was trained from the mixture has a part of v's way as well.
    Math.abs(shared(v, b) - constant) < APART * Math.sqrt(toV * toB)
  const shareOfV = (shared(v, mixed) - constant) / toV
  const shareOfB = (shared(b, mixed) - constant) / toB
  return isApart ? readingOf(mixed, v, b, [shareOfV, shareOfB], [toV, toB], shared(mixed, mixed) - constant) : null
}

/** As seen from v. */
function readMixture(shared: Shared, group: readonly number[], v: number, b: number, mixed: number): Reading | null {
  const others = group.filter((node) => node !== b)
  const mean = (value: (node: number) => number): number =>
    others.reduce((sum, node) => sum + value(node), 0) / others.length
  const toV = mean((x) => shared(x, b))
  const toB = shared(b, b) - toV
  // ⟨m − v, x − v⟩ is what m kept of the way from v to the missing model, whatever x.
  const shareOfV = 1 - mean((x) => shared(x, mixed)) / toV
  const shareOfB = (shared(b, mixed) - (1 - shareOfV) * toV) / toB
  const way = shared(mixed, mixed) - toV * (1 - 2 * shareOfV)
  return readingOf(mixed, v, b, [shareOfV, shareOfB], [toV, toB], way)
}

/**
 * @param shares of the ways of v and b
 * @param lengths of these ways, squared
 * @param way that of the mixture
 */
function readingOf(
  mixed: number,
  v: number,
  b: number,
  [shareOfV, shareOfB]: readonly [number, number],
  [toV, toB]: readonly [number, number],
  way: number,
): Reading | null {
  const explained = (shareOfV ** 2 * toV + shareOfB ** 2 * toB) / way
  const isShare = (share: number): boolean => share > LEAST_SHARE && share < MOST_SHARE
  if (!isShare(shareOfV) || !isShare(shareOfB) || !(explained > LEAST_EXPLAINED)) return null
  const parents = [
    { node: v, weight: shareOfV },
    { node: b, weight: shareOfB },
  ]
  return { merge: { child: mixed, parents, base: null }, explained }
}
