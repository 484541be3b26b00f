import type { BodySlot } from '../body.ts'
import type { Steps } from '../steps.ts'
import { beyondChance, commonRatio, ratiosOf, sharing } from './common-ratio.ts'
import { explain, holds, keptShare, meanLaw, sumLaw, type Explained } from './element-law.ts'
import { readElements, tolerance, type Change, type Elements } from './elements.ts'
import { nearestTo, type Merge } from './merge.ts'

/** With more parents too few elements come from one alone. */
const MOST_PARENTS = 4

interface Part {
  readonly node: number
  readonly factor: number
  /** Parent − base. */
  readonly vector: Float64Array
}

/**
 * Finds merges that drop or trim elements (DARE, TIES). No plane contains them, but most of their elements are exact: those
 * of the base, or the base plus one number times one parent's task vector.
 *
 * @param distances squared distances between all members
 * @param explained members whose origin is known
 * @param known merges among these: they hold the elements of their own parents, and are tried as parents last
 * @param bases the models that may be the base: all of them, or the missing ones, which are claimed as nothing else
 */
export function* findElementMerges(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  explained: ReadonlySet<number>,
  known: readonly Merge[],
  bases: ReadonlySet<number> | 'present' = 'present',
): Steps<Merge[]> {
  const merged = new Set(known.map(({ child }) => child))
  const slots = body.filter(({ matrix, inStack }) => matrix && inStack)
  const elements = readElements(slots, distances.length)
  const merges: Merge[] = []
  for (let child = 0; child < distances.length; child++) {
    if (explained.has(child)) continue
    const near = nearestTo(distances, child)
    const parents = bases === 'present' ? near : near.filter((node) => !bases.has(node))
    const unmerged = parents.filter((node) => !merged.has(node))
    const origins = basesOf(elements, child, bases === 'present' ? near : [...bases])
    const merge =
      mergeOf(elements, child, origins, unmerged) ??
      (unmerged.length < parents.length ? mergeOf(elements, child, origins, parents) : null)
    if (merge) merges.push(merge)
    yield
  }
  return merges
}

/** Those of which the child has elements beyond chance, the most first. */
function basesOf(elements: Elements, child: number, bases: readonly number[]): number[] {
  const tried = bases.map((base) => ({ base, unchanged: unchangedFrom(elements, child, base) }))
  const shown = tried.filter(({ unchanged }) => unchanged > 0).sort((a, b) => b.unchanged - a.unchanged)
  return shown.map(({ base }) => base)
}

function mergeOf(elements: Elements, child: number, bases: readonly number[], near: readonly number[]): Merge | null {
  for (const base of bases) {
    const parents = parentsOf(elements, changeFrom(elements, child, base), near)
    if (parents) return { child, parents, base }
  }
  return null
}

/** How many elements are the base's beyond chance, in tensors that are not the base's throughout. */
function unchangedFrom({ values, rounding, precision, bounds }: Elements, child: number, base: number): number {
  const [model, origin] = [values[child]!, values[base]!]
  const change = { rounding: rounding[child]!, precision: precision[child]! }
  let inside = 0
  let beside = 0
  for (let slot = 0; slot + 1 < bounds.length; slot++) {
    let [within, near, changed] = [0, 0, false]
    for (let e = bounds[slot]!; e < bounds[slot + 1]!; e++) {
      const step = Math.abs(model[e]! - origin[e]!)
      const allowed = tolerance(change, e, step)
      changed ||= step > allowed
      const miss = step / allowed
      if (miss <= 1) within++
      else if (miss <= 3) near++
    }
    if (!changed) continue
    inside += within
    beside += near
  }
  return beyondChance(inside, beside)
}

/** The way from a base; of a tensor that was frozen, or that no parent has changed, nothing is known. */
function changeFrom({ values, rounding, precision, bounds }: Elements, child: number, base: number): Change {
  const step = values[child]!.map((value, e) => value - values[base]![e]!)
  const change = { base, step, rounding: rounding[child]!, precision: precision[child]! }
  for (let slot = 0; slot + 1 < bounds.length; slot++) {
    let equal = true
    for (let e = bounds[slot]!; e < bounds[slot + 1]!; e++) {
      equal &&= !(Math.abs(step[e]!) > tolerance(change, e, Math.abs(step[e]!)))
    }
    if (equal) step.fill(NaN, bounds[slot], bounds[slot + 1])
  }
  return change
}

/** Parents are added one by one, until a law holds. */
function parentsOf(elements: Elements, change: Change, near: readonly number[]): Merge['parents'] | null {
  const parts: Part[] = []
  let open = unexplained(change, [...change.step.keys()], new Float64Array(change.step.length))
  let candidates = near.filter((node) => node !== change.base)
  while (parts.length < MOST_PARENTS) {
    // What shows nothing alone now will not do so among fewer elements.
    const [next, ...others] = partsShown(elements, change, candidates, open)
    if (!next) return null
    parts.push(next)
    candidates = others.map(({ node }) => node)
    open = unexplained(
      change,
      open,
      next.vector.map((value) => next.factor * value),
    )
    const parents = readLaw(elements, change, parts, open)
    if (parents) return parents
  }
  return null
}

/** The elements at which the step is not one of these values. */
function unexplained(change: Change, elements: readonly number[], values: Float64Array): number[] {
  return elements.filter((e) => Math.abs(change.step[e]! - values[e]!) > tolerance(change, e, Math.abs(values[e]!)))
}

/** The candidates whose task vectors, each times one number, are the step at some of the open elements; at the most first. */
function partsShown(
  { values }: Elements,
  change: Change,
  candidates: readonly number[],
  open: readonly number[],
): Part[] {
  const shown = candidates.map((node) => {
    const vector = values[node]!.map((value, e) => value - values[change.base]![e]!)
    const ratios = ratiosOf(change, () => 0, vector, open)
    const factor = commonRatio(ratios)
    return { node, factor, vector, count: sharing(ratios, factor) }
  })
  return shown.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)
}

/** The parents with their weights, if one of the two laws explains the model. */
function readLaw(
  elements: Elements,
  change: Change,
  parts: readonly Part[],
  open: readonly number[],
): Merge['parents'] | null {
  const vectors = parts.map(({ vector }) => vector)
  const factors = parts.map(({ factor }) => factor)
  const summed = explain(sumLaw(factors), change, vectors)
  if (holds(summed)) {
    const layers = explainLayers(elements, change, factors, vectors)
    return parts.map(({ node, factor }, i) => ({
      node,
      weight: factor * keptShare(summed, i),
      layers: layers.map((layer) => (layer === null ? null : factor * keptShare(layer, i))),
    }))
  }
  const weights = weightsInMean(change, parts, open)
  if (!weights.every((weight) => weight > 0) || !holds(explain(meanLaw(factors[0]!, weights), change, vectors)))
    return null
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return parts.map(({ node }, i) => ({ node, weight: weights[i]! / total }))
}

/** A sum, layer by layer; null for a layer in which nothing was changed or no element can tell. */
function explainLayers(
  { layer }: Elements,
  change: Change,
  factors: readonly number[],
  vectors: readonly Float64Array[],
): (Explained | null)[] {
  const layers = Array.from({ length: Math.max(...layer) + 1 }, (_, position) =>
    explain(
      sumLaw(factors),
      { ...change, step: change.step.map((d, e) => (layer[e] === position ? d : NaN)) },
      vectors,
    ),
  )
  return layers.map((explained) => (explained.bySubset.some((count) => count > 0) ? explained : null))
}

/**
 * Weights relative to the first parent's. Where it shares an element with one other parent, the step divides the way
 * between their two in one ratio throughout.
 */
function weightsInMean(change: Change, [first, ...others]: readonly Part[], open: readonly number[]): number[] {
  const shares = others.map(({ vector, factor }) => {
    const way = first!.vector.map((value, e) => first!.factor * value - factor * vector[e]!)
    return commonRatio(ratiosOf(change, (e) => factor * vector[e]!, way, open))
  })
  return [1, ...shares.map((share) => (1 - share) / share)]
}
