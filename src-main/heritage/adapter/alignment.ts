import { SKETCH_SIZE } from '../../fingerprint/constants.ts'
import { columnSlot } from '../../fingerprint/hashing.ts'
import { matrixShape } from '../../fingerprint/sketch.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { HeritageModel } from '../types.ts'
import type { LowRankUpdate } from './factors.ts'
import { matrixRows, wholeMatrix } from './matrix-rows.ts'
import type { ReadAgain } from './types.ts'

/** The output side of an update: C (m × r, row-major) with C·Cᵀ = (B·A)(B·A)ᵀ. */
export interface OutputSide {
  readonly rows: number
  readonly rank: number
  readonly values: Float64Array
  /** ‖C‖² and ‖C·Cᵀ‖². */
  readonly energy: number
  readonly fourth: number
}

/** What an update does at its output, whatever the basis that its factors are written in. */
export async function outputSide(adapter: HeritageModel, update: LowRankUpdate, read: ReadAgain): Promise<OutputSide> {
  const { rows, rank } = update
  const a = await wholeMatrix(adapter, update.a, read)
  const b = await wholeMatrix(adapter, update.b, read)
  const factor = cholesky(gram(a, rank, update.columns, 1, update.columns), rank)
  const values = new Float64Array(rows * rank)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rank; j++) {
      for (let k = j; k < rank; k++) values[i * rank + j]! += b[i * rank + k]! * factor[k * rank + j]!
    }
  }
  const inner = gram(values, rank, rows, rank, 1)
  return { rows, rank, values, energy: sumSquares(values), fourth: sumSquares(inner) }
}

/** A projection F of a model that the gradients of its partner pass through: a matrix W itself, or Wᵀ. */
export interface Partner {
  readonly model: HeritageModel
  readonly tensor: TensorFingerprint
  readonly transposed: boolean
}

/**
 * The alignment of updates with a partner projection F: for each the cosine of the traceless parts of C·Cᵀ and F·Fᵀ, -1 to 1. One
 * pass over the rows of F's matrix W. ‖F·Fᵀ‖ is exact up to SKETCH_SIZE columns, and beyond estimated through a CountSketch Z of
 * the columns, ‖WᵀW·Z‖, which is the same for all models that are compared.
 *
 * @param sides with as many rows as F
 */
export async function alignments(partner: Partner, sides: readonly OutputSide[], read: ReadAgain): Promise<number[]> {
  const { rows, columns } = matrixShape(partner.tensor.shape)
  const slots = Array.from({ length: columns }, (_, column) => columnSlot(column))
  const width = Math.min(columns, SKETCH_SIZE)
  const folded = new Float64Array(columns * width)
  const projected = sides.map(({ rank }) => new Float64Array((partner.transposed ? rows : columns) * rank))
  const sketched = new Float64Array(width)
  let energy = 0
  for await (const { first, count, values } of matrixRows(partner.model, partner.tensor, read)) {
    for (let i = 0; i < count; i++) {
      sketched.fill(0)
      for (let j = 0; j < columns; j++) {
        const value = values[i * columns + j]!
        energy += value * value
        sketched[slots[j]!.bucket]! += slots[j]!.sign * value
      }
      for (let j = 0; j < columns; j++) addScaled(folded, j * width, sketched, 0, values[i * columns + j]!, width)
      sides.forEach(({ rank, values: side }, s) => {
        for (let j = 0; j < columns; j++) {
          const value = values[i * columns + j]!
          if (partner.transposed) addScaled(projected[s]!, (first + i) * rank, side, j * rank, value, rank)
          else addScaled(projected[s]!, j * rank, side, (first + i) * rank, value, rank)
        }
      })
    }
  }
  const own = sumSquares(folded)
  return sides.map((side, s) => {
    const trace = side.energy / side.rows
    const common = sumSquares(projected[s]!) - trace * energy
    return common / Math.sqrt((side.fourth - trace * side.energy) * (own - (energy * energy) / side.rows))
  })
}

/** target[to…] += factor · source[from…]. */
function addScaled(
  target: Float64Array,
  to: number,
  source: Float64Array,
  from: number,
  factor: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) target[to + k]! += factor * source[from + k]!
}

/** Inner products of `count` vectors of the given length, which lie `step` apart from element to element, `apart` from one to the next. */
function gram(values: Float64Array, count: number, length: number, step: number, apart: number): Float64Array {
  const products = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let sum = 0
      for (let k = 0; k < length; k++) sum += values[i * apart + k * step]! * values[j * apart + k * step]!
      products[i * count + j] = sum
    }
  }
  return products
}

/** Lower triangular L with L·Lᵀ = G for a positive semidefinite G; a direction that G does not have stays 0. */
function cholesky(gram: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let rest = gram[i * size + j]!
      for (let k = 0; k < j; k++) rest -= lower[i * size + k]! * lower[j * size + k]!
      const pivot = lower[j * size + j]!
      if (i === j) lower[i * size + j] = rest > 1e-12 * gram[i * size + i]! ? Math.sqrt(rest) : 0
      else lower[i * size + j] = pivot > 0 ? rest / pivot : 0
    }
  }
  return lower
}

function sumSquares(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!
  return sum
}
