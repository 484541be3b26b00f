import type { BodySlot } from '../body.ts'
import { linkBetween, pairKey, totalDistance, type Link } from '../link.ts'
import { bootstrapShare } from '../tree/support.ts'
import { nearestTo, type Merge } from './merge.ts'
import { median } from './plane.ts'

/** Pairs of parents are sought among so many of the nearest. */
const NEAREST = 10
/** Part of a merge that is in none of its parents: measured .02 of it at most for true merges, .1 and more for what was trained. */
const MOST_PRIVATE = 0.03
/** A smaller share may be the chance likeness of two updates, and one near 1 is the parent itself, or what was made from it. */
const LEAST_WEIGHT = 0.15
const MOST_WEIGHT = 0.95
/** A combination in which the base has no share needs no base: it lies on a line with its parents, or is none. */
const LEAST_BASE = 0.05
/** How far from the two parents' branches a model must branch off to be a witness of their base, as a share of the way between them. */
const BESIDE = 0.1
/** Witnesses agree on where the base lies within this share of that way. */
const AGREE = 0.15
const FEWEST_WITNESSES = 3
/** So many are asked again in bootstrap replicates. */
const WITNESSES = 8

/** Where a missing base lies between two models, and how far from it another is: squared lengths. */
interface Base {
  readonly toFirst: number
  readonly toSecond: number
  readonly toChild: number
  readonly witnesses: readonly number[]
}

interface Reading {
  readonly merge: Merge
  /** The part of the child that is in none of its parents. */
  readonly rest: number
  readonly witnesses: readonly number[]
}

type Distance = (i: number, j: number) => number

/**
 * Finds task arithmetic whose base h is in no file: M = h + v·(a − h) + w·(b − h). Updates are orthogonal, so the distances of
 * models that branch off at h or before show how far a, b and M are from it, whatever h is; and from those follow v, w and
 * the part of M that lies off the plane of h, a and b, which a merge does not have while everything trained has it.
 *
 * @param distances squared distances between all members
 * @param explained members whose origin is known
 */
export function findMergesOfMissingBase(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  explained: ReadonlySet<number>,
): Merge[] {
  const measured: Distance = (i, j) => distances[i]![j]!
  const nodes = [...distances.keys()].filter((node) => !explained.has(node))
  return nodes.flatMap((child) => {
    const near = nearestTo(distances, child)
      .filter((node) => !explained.has(node))
      .slice(0, NEAREST)
    const readings = near.flatMap((a, i) =>
      near.slice(i + 1).flatMap((b) => readMerge(measured, nodes, child, a, b) ?? []),
    )
    const best = readings.sort((x, y) => Math.abs(x.rest) - Math.abs(y.rest))[0]
    return best ? [{ ...best.merge, support: supportOf(body, best, measured) }] : []
  })
}

function readMerge(distance: Distance, nodes: readonly number[], child: number, a: number, b: number): Reading | null {
  const base = baseBetween(distance, nodes, child, a, b)
  if (!base) return null
  const { toFirst, toSecond, toChild, witnesses } = base
  const first = (toFirst + toChild - distance(child, a)) / (2 * toFirst)
  const second = (toSecond + toChild - distance(child, b)) / (2 * toSecond)
  const rest = 1 - (first ** 2 * toFirst + second ** 2 * toSecond) / toChild
  const isShare = (weight: number): boolean => weight > LEAST_WEIGHT && weight < MOST_WEIGHT
  if (!isShare(first) || !isShare(second) || Math.abs(rest) > MOST_PRIVATE) return null
  if (Math.abs(1 - first - second) < LEAST_BASE) return null
  const parents = [
    { node: a, weight: first },
    { node: b, weight: second },
  ]
  return { merge: { child, parents, base: null }, rest, witnesses }
}

/** Share of the bootstrap replicates over tensors in which a merge of the same parents is read from the nearest of the same witnesses. */
function supportOf(body: readonly BodySlot[], { merge, witnesses }: Reading, distance: Distance): number {
  const { child } = merge
  const [a, b] = merge.parents.map(({ node }) => node) as [number, number]
  const nearest = witnesses.toSorted((x, y) => distance(x, child) - distance(y, child)).slice(0, WITNESSES)
  const links = new Map<string, Link>()
  const linkOf = (i: number, j: number): Link => {
    const link = links.get(pairKey(i, j)) ?? linkBetween(body, i, j)
    links.set(pairKey(i, j), link)
    return link
  }
  return bootstrapShare(
    body.length,
    (weights) => readMerge((i, j) => totalDistance(body, linkOf(i, j), weights), nearest, child, a, b) !== null,
  )
}

/**
 * The point between a and b at which most others branch off. What hangs from it is farther from a than from b by one and the same
 * difference, whatever its own way; what hangs from a or b is so by all of the way between them.
 */
function baseBetween(distance: Distance, nodes: readonly number[], child: number, a: number, b: number): Base | null {
  const way = distance(a, b)
  const difference = (x: number): number => distance(x, a) - distance(x, b)
  const others = nodes.filter(
    (x) => x !== a && x !== b && x !== child && Math.abs(difference(x)) < (1 - 2 * BESIDE) * way,
  )
  const middle = median(others.map(difference))
  const witnesses = others.filter((x) => Math.abs(difference(x) - middle) < AGREE * way)
  if (witnesses.length < FEWEST_WITNESSES) return null
  const toFirst = (way + middle) / 2
  const toChild = median(witnesses.map((x) => distance(x, child) - distance(x, a) + toFirst))
  return toChild > 0 ? { toFirst, toSecond: way - toFirst, toChild, witnesses } : null
}
