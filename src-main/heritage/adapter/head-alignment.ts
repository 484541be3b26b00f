import { matrixShape } from '../../fingerprint/sketch.ts'
import type { OutputSide, Partner } from './alignment.ts'
import { matrixRows } from './matrix-rows.ts'
import type { ReadAgain } from './types.ts'

/** A larger head is looked at in parts: the rows of a part have as much in common. */
const LARGEST_PART = 256

/** One head of an attention, or a part of it. */
interface Head {
  /** Its rows of F = Wᵀ: F·Fᵀ, of which the lower triangle is kept. */
  readonly gram: Float64Array
  /** The same as gradients see it: F·G·Gᵀ·Fᵀ, for the update G of the output projection. */
  readonly weighted: Float64Array
}

/**
 * The alignment of a value update with the output projection W of its attention, head by head: the gradient of a head's values is
 * Wᵀ∂L/∂y, over the head's columns of W. Optimizers like Adam make the steps of all elements alike, so that correlations
 * count and not sizes: for each head the cosine of the off-diagonal entries of C·Cᵀ and F·Fᵀ, both scaled to a unit diagonal, -1 to
 * 1. Where the output projection was adapted as well its update G shows which ∂L/∂y there were, W's gradient being a sum of
 * these; then there is a second number for each head, with F·(I + G·Gᵀ)·Fᵀ, the two parts of equal trace. One pass over W's rows.
 *
 * @param side C of the value update
 * @param gradients G, or null
 * @param headRows rows of a head
 */
export async function headAlignments(
  { model, tensor }: Partner,
  side: OutputSide,
  gradients: OutputSide | null,
  headRows: number,
  read: ReadAgain,
): Promise<number[]> {
  const { columns } = matrixShape(tensor.shape)
  const size = partOf(headRows)
  const square = (): Float64Array => new Float64Array(size * size)
  const heads = Array.from({ length: columns / size }, (): Head => ({ gram: square(), weighted: square() }))
  const rank = gradients?.rank ?? 0
  const through = Array.from({ length: rank }, () => new Float64Array(columns))
  for await (const { first, count, values } of matrixRows(model, tensor, read)) {
    for (let i = 0; i < count; i++) {
      const row = Float64Array.from({ length: columns }, (_, j) => values[i * columns + j]!)
      heads.forEach(({ gram }, h) => addOuter(gram, row.subarray(h * size, (h + 1) * size)))
      through.forEach((sum, k) => {
        const gradient = gradients!.values[(first + i) * rank + k]!
        for (let j = 0; j < columns; j++) sum[j]! += gradient * row[j]!
      })
    }
  }
  heads.forEach(({ weighted }, h) => {
    for (const sum of through) addOuter(weighted, sum.subarray(h * size, (h + 1) * size))
  })
  const isotropic = gradients ? gradients.energy / gradients.rows : 0
  return heads.flatMap(({ gram, weighted }, h) => {
    const own = square()
    for (let k = 0; k < side.rank; k++)
      addOuter(
        own,
        Float64Array.from({ length: size }, (_, a) => side.values[(h * size + a) * side.rank + k]!),
      )
    const plain = correlationCosine(own, gram, size)
    if (!gradients) return [plain]
    return [plain, correlationCosine(own, weighted.map((value, at) => value + isotropic * gram[at]!), size)] // prettier-ignore
  })
}

/** The largest divisor of a head's rows that is not too large. */
function partOf(headRows: number): number {
  let parts = Math.ceil(headRows / LARGEST_PART)
  while (headRows % parts !== 0) parts++
  return headRows / parts
}

/** Adds row·rowᵀ, the lower triangle of which is enough. */
function addOuter(square: Float64Array, row: Float64Array): void {
  for (let a = 0; a < row.length; a++) {
    for (let b = 0; b <= a; b++) square[a * row.length + b]! += row[a]! * row[b]!
  }
}

/** Cosine of the off-diagonal entries of two Gram matrices, each scaled to a unit diagonal; 0 where one has none. */
function correlationCosine(x: Float64Array, y: Float64Array, size: number): number {
  const scale = (gram: Float64Array): Float64Array =>
    Float64Array.from({ length: size }, (_, a) => (gram[a * size + a]! > 0 ? 1 / Math.sqrt(gram[a * size + a]!) : 0))
  const [ofX, ofY] = [scale(x), scale(y)]
  let [common, xx, yy] = [0, 0, 0]
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) {
      const p = x[a * size + b]! * ofX[a]! * ofX[b]!
      const q = y[a * size + b]! * ofY[a]! * ofY[b]!
      common += p * q
      xx += p * p
      yy += q * q
    }
  }
  return xx > 0 && yy > 0 ? common / Math.sqrt(xx * yy) : 0
}
