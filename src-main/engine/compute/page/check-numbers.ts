import { SKETCH_SIZE } from '../../../fingerprint/constants.ts'
import { encodingOf } from '../../../fingerprint/encodings.ts'
import { keptPositions } from '../../../fingerprint/sample.ts'
import { matrixShape } from '../../../fingerprint/sketch.ts'
import type { Moments, Numbers, QuantizationGrid } from '../../../fingerprint/types.ts'
import type { Dtype } from '../../../formats/dtype.ts'

/** More codes than any quantizer of 8 bits has. */
const MOST_LEVELS = 128

/**
 * What is wrong with numbers that another process says are those of a tensor: their lengths, counts that do not add up,
 * what is not finite. Null where they can be kept.
 */
export function faultOf(dtype: Dtype, shape: readonly number[], numbers: Numbers): string | null {
  const { moments, exponents, sketch, sample, grid } = numbers
  const encoding = encodingOf(dtype)
  if (!encoding) return Object.values(numbers).every((value) => value === null) ? null : 'numbers of what has none'
  if (!moments || !exponents || !sketch || !sample) return 'numbers are missing'
  const { rows, columns } = matrixShape(shape)
  const count = rows * columns
  const positions = keptPositions(count).length
  if (sketch.length !== Math.min(rows, SKETCH_SIZE) * Math.min(columns, SKETCH_SIZE))
    return 'the sketch has another size'
  if (sketch.some(Number.isNaN)) return 'the sketch is not of numbers'
  if (sample.length !== positions * encoding.bytes) return 'the sample has another size'
  if (grid && !isGrid(grid, positions)) return 'the grid is none'
  const counted = exponents.counts.reduce((sum, one) => sum + one, 0)
  return faultOfMoments(moments, count, counted)
}

/** @param counted elements in the histogram of exponents */
function faultOfMoments(moments: Moments, count: number, counted: number): string | null {
  const finite = count - moments.nan - moments.infinite
  if (moments.count !== count || finite < 0) return 'the elements do not add up'
  if (counted !== finite - moments.zeros) return 'the exponents do not add up'
  const { min, max, mean, variance } = moments
  if ([min, max, mean, variance].some((value) => Number.isNaN(value) !== (finite === 0))) return 'a moment is missing'
  if (Number.isNaN(moments.smallestNonZero) !== (counted === 0)) return 'the smallest magnitude is missing'
  return min > max || variance < 0 ? 'the moments contradict each other' : null
}

function isGrid({ levels, residual, steps }: QuantizationGrid, positions: number): boolean {
  const inRange = levels >= 1 && levels <= MOST_LEVELS && residual >= 0 && residual <= 0.5
  return inRange && steps.length === positions && steps.every((step) => step >= 0 && step < Infinity)
}
