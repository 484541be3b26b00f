import type { BodySlot } from '../body.ts'
import type { Steps } from '../steps.ts'
import { USUAL_COSINE } from '../tree/correlation.ts'
import { likeliestPlanes } from './likeliest-planes.ts'
import { coefficientsByLayer, fitInPlane, type PlaneFit } from './plane.ts'

export interface MergeParent {
  readonly node: number
  readonly weight: number
  /** The weight in each layer of the stack, null where a layer does not show it; absent where it is known only as a whole. */
  readonly layers?: readonly (number | null)[]
}

/** A model whose weights are a combination of others'. Positions within the family. */
export interface Merge {
  readonly child: number
  readonly parents: readonly MergeParent[]
  /** The model whose weights were subtracted (task arithmetic), or null. */
  readonly base: number | null
  /** Where the base is missing and distances alone show the merge: how sure that is, 0 to 1. Absent where numbers prove it. */
  readonly support?: number
}

/** A true combination misses by its own rounding, 1 by definition; measured .97 to 3.4, others at least 160. */
const MOST_RESIDUAL = 10
/** Nothing that was rounded can fit much better than its rounding: then the parts are made from each other. */
const LEAST_RESIDUAL = 0.2
/** A combination must explain so many times more than the best of its parts alone. */
const GAIN = 20
/** Shares below this are not told from none. */
const LEAST_WEIGHT = 0.02
/** A merge does not go beyond its parents: a combination that does joins two merges which share a missing parent. */
const MOST_WEIGHT = 1
/** Candidate parents of a model: its nearest. */
const NEAREST = 32
/** Subsets with the smallest pooled residual that are looked at tensor by tensor. */
const LOOKED_AT = 12

/**
 * Finds linear, spherical and task-arithmetic merges without a list of candidates. In the space of weights such a merge
 * lies in the plane through its parents (and base), in every tensor, up to the rounding of its own store; a trained
 * model lies off any plane through its relatives by its whole update.
 *
 * @param distances squared distances between all members
 * @param explained members whose origin is known
 */
export function* findMerges(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  explained: ReadonlySet<number>,
): Steps<Merge[]> {
  const slots = body.filter(({ matrix, inStack }) => matrix && inStack)
  const found: { merge: Merge; residual: number; circuit: string }[] = []
  for (let child = 0; child < distances.length; child++) {
    const merge = explained.has(child) ? null : mergeOf(slots, distances, child)
    if (merge) found.push(merge)
    yield
  }
  // The members of one combination can all be solved for; the merged one is the one that fits best.
  found.sort((a, b) => a.residual - b.residual)
  const seen = new Set<string>()
  const merges = found.flatMap(({ merge, circuit }) => {
    if (seen.has(circuit)) return []
    seen.add(circuit)
    return [merge]
  })
  return merges.map((merge) => withLayers(slots, byOrigins(slots, distances, merge, merges)))
}

/**
 * Merges of the same parents lie in one plane with them, so that each is a combination of the others as well. Of the parents that
 * explain a merge equally, those are named that are no merges themselves.
 */
function byOrigins(
  slots: readonly BodySlot[],
  distances: readonly Float64Array[],
  merge: Merge,
  merges: readonly Merge[],
): Merge {
  const { child, parents } = merge
  const named = new Set(parents.map(({ node }) => node))
  for (const origin of merges.filter((other) => named.has(other.child))) {
    const nodes = [...named.union(new Set(origin.parents.map(({ node }) => node)))].filter((n) => n !== origin.child)
    if (nodes.length !== parents.length || nodes.includes(child)) continue
    const fit = fitInPlane(slots, child, nodes, MOST_RESIDUAL)
    const other = fit && isCombination(slots, child, nodes, fit) ? readCombination(distances, child, nodes, fit) : null
    if (other && other.base === merge.base) return other
  }
  return merge
}

function withLayers(slots: readonly BodySlot[], { child, parents, base }: Merge): Merge {
  const nodes = [...parents.map(({ node }) => node), ...(base === null ? [] : [base])]
  const byLayer = coefficientsByLayer(slots, child, nodes)
  return { child, base, parents: parents.map((parent, i) => ({ ...parent, layers: byLayer[i]! })) }
}

function mergeOf(
  slots: readonly BodySlot[],
  distances: readonly Float64Array[],
  child: number,
): { merge: Merge; residual: number; circuit: string } | null {
  const near = nearestTo(distances, child)
  for (const size of [2, 3] as const) {
    const fits = likeliestPlanes(distances, child, near, size, LOOKED_AT)
      .map((nodes) => ({ nodes, fit: fitInPlane(slots, child, nodes, MOST_RESIDUAL) }))
      .filter(({ nodes, fit }) => fit !== null && isCombination(slots, child, nodes, fit))
      .sort((a, b) => a.fit!.residual - b.fit!.residual)
    for (const { nodes, fit } of fits) {
      const merge = readCombination(distances, child, nodes, fit!)
      if (merge) return { merge, residual: fit!.residual, circuit: [child, ...nodes].sort((a, b) => a - b).join(' ') }
    }
  }
  return null
}

/** The models a merge is sought among, nearest first. */
export function nearestTo(distances: readonly Float64Array[], child: number): number[] {
  return [...distances.keys()]
    .filter((node) => node !== child && distances[child]![node]! > 0 && distances[child]![node]! < Infinity)
    .sort((a, b) => distances[child]![a]! - distances[child]![b]!)
    .slice(0, NEAREST)
}

function isCombination(slots: readonly BodySlot[], child: number, nodes: readonly number[], fit: PlaneFit): boolean {
  if (fit.residual > MOST_RESIDUAL || fit.residual < LEAST_RESIDUAL) return false
  if (fit.weights.some((weight) => Math.abs(weight) < LEAST_WEIGHT)) return false
  return nodes.every((node) => {
    const alone = fitInPlane(slots, child, [node])
    return alone === null || alone.residual > GAIN * fit.residual
  })
}

/**
 * Which members of the combination are parents. All shares positive: the parents are the parts. One share negative, of
 * three: task arithmetic, whose base is the negative part; the task vectors of true parents, parent − base, are nearly
 * orthogonal, which other readings of the same equation seldom give; where two do, the merged one fits better (findMerges).
 */
function readCombination(
  distances: readonly Float64Array[],
  child: number,
  nodes: readonly number[],
  fit: PlaneFit,
): Merge | null {
  const parts = nodes.map((node, i) => ({ node, weight: fit.weights[i]! }))
  const negative = parts.filter(({ weight }) => weight < 0)
  if (negative.length === 0) return { child, parents: parts, base: null }
  if (parts.length < 3 || negative.length > 1 || parts.some(({ weight }) => weight > MOST_WEIGHT)) return null
  const base = negative[0]!.node
  const parents = parts.filter(({ node }) => node !== base)
  const readings = [
    { merged: child, base, others: parents.map(({ node }) => node) },
    { merged: base, base: child, others: parents.map(({ node }) => node) },
    { merged: parents[0]!.node, base: parents[1]!.node, others: [child, base] },
    { merged: parents[1]!.node, base: parents[0]!.node, others: [child, base] },
  ]
  const alignment = readings.map((reading) =>
    Math.abs(cosineFrom(distances, reading.base, reading.others[0]!, reading.others[1]!)),
  )
  return alignment[0]! <= Math.max(USUAL_COSINE, Math.min(...alignment)) ? { child, parents, base } : null
}

/** Cosine of the angle between two models as seen from a third. */
function cosineFrom(d: readonly Float64Array[], from: number, a: number, b: number): number {
  return (d[from]![a]! + d[from]![b]! - d[a]![b]!) / (2 * Math.sqrt(d[from]![a]! * d[from]![b]!))
}
