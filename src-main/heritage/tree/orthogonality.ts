import type { BodySlot } from '../body.ts'
import type { Link } from '../link.ts'
import { isRestored } from '../tensors.ts'

/** One matrix in both models: squared norms, squared distance, and independent numbers in it. */
interface Pair {
  readonly a: number
  readonly b: number
  readonly distance: number
  readonly cells: number
}

/**
 * Which end of a link is the other one, shrunk by one factor in all matrices, plus an update orthogonal to it: 1 if surely
 * b is made from a, -1 if surely a from b. Decoupled weight decay (Loshchilov & Hutter 2019) shrinks all matrices alike,
 * and each update has a size of its own, so that seen from the wrong end the factors differ from matrix to matrix.
 *
 * @param distances squared distance in each slot that counts, else 0
 */
export function orthogonality(link: Link, body: readonly BodySlot[], distances: Float64Array): number {
  const pairs = body.flatMap(({ tensors }, slot): Pair[] => {
    if (!(distances[slot]! > 0)) return []
    const [x, y] = [tensors[link.a]!, tensors[link.b]!]
    // What was lost of a tensor is not orthogonal to what came before it.
    if (isRestored(x) || isRestored(y)) return []
    const [a, b] = [x.moments!.sumSquares, y.moments!.sumSquares]
    return a > 0 && b > 0 ? [{ a, b, distance: distances[slot]!, cells: x.sketch!.length }] : []
  })
  const forward = excess(pairs)
  const backward = excess(pairs.map(({ a, b, ...rest }) => ({ a: b, b: a, ...rest })))
  // What chance alone makes of two misfits must not look like a difference.
  const chance = 2 * Math.sqrt(pairs.length)
  return pairs.length === 0 ? 0 : (backward - forward) / (forward + backward + chance)
}

/** The misfit beyond that of chance, which is 1 a matrix. */
function excess(pairs: readonly Pair[]): number {
  return Math.max(0, misfit(pairs) - pairs.length)
}

/** Squared deviations of the shrink factors ⟨a, b⟩ / ‖a‖² from their mean, in units of chance; none grows its parent. */
function misfit(pairs: readonly Pair[]): number {
  const factors = pairs.map(({ a, b, distance }) => (a + b - distance) / (2 * a))
  const weights = pairs.map(({ a, distance, cells }) => (a * cells) / distance)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total === 0) return 0
  const mean = factors.reduce((sum, factor, i) => sum + weights[i]! * factor, 0) / total
  const shrink = Math.min(1, mean)
  return factors.reduce((sum, factor, i) => sum + weights[i]! * (factor - shrink) ** 2, 0)
}
