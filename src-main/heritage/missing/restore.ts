import { DTYPE_BITS } from '../../formats/dtype.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { storedValues } from '../exact/stored-values.ts'
import type { RestoredTensor } from '../tensors.ts'

/**
 * The source's tensor, known as if so coarsely stored.
 *
 * @param gained by how much its squared norm is larger than the derivative's
 */
function restored(derivative: TensorFingerprint, error: number, gained: number, known: Float64Array): RestoredTensor {
  const moments = {
    ...derivative.moments!,
    sumSquares: derivative.moments!.sumSquares + gained,
    variance: derivative.moments!.variance + gained / derivative.moments!.count,
    spacingSquares: derivative.moments!.spacingSquares + 12 * error,
    excessKurtosis: NaN,
  }
  // Of bytes that nobody has seen: it has to differ from all others.
  const hash = derivative.hash.map((byte) => 255 - byte)
  return { ...derivative, moments, hash, grid: null, derivative, error, known }
}

/**
 * Rounding to a grid is off by step² / 12 on average, but for the largest of each group, which sets the step. The source lies within
 * half a step; where a near relative lies beyond, it lies on that side: half as far inside as the relative is outside, for
 * the update ⟨u, outside⟩ = 3/2 ‖outside‖² if it is small and normal.
 */
export function beforeQuantization(tensor: TensorFingerprint, relative: TensorFingerprint | undefined): RestoredTensor {
  const values = sampledValues(tensor)!
  const others = relative && sampledValues(relative)
  const { steps, levels } = tensor.grid!
  let sum = 0
  const known = values.map((value, i) => {
    const half = steps[i]! / 2
    if (Math.abs(value) < (2 * levels - 1) * half) sum += half ** 2 / 3
    const apart = others ? others[i]! - value : 0
    const outside = Math.abs(apart) - half
    return outside > 0 ? value + Math.sign(apart) * Math.max(0, half - outside / 2) : NaN
  })
  const error = (sum / values.length) * tensor.moments!.count
  // The error is orthogonal to the source, not to the result (Sheppard's correction).
  return restored(tensor, error, -error, known)
}

/** What was set to 0 has the energy of a relative at the same places, as far as that is below the threshold; all else is as it was. */
export function beforePruning(tensor: TensorFingerprint, relative: TensorFingerprint | undefined): RestoredTensor {
  const values = sampledValues(tensor)!
  const others = relative && sampledValues(relative)
  const { smallestNonZero: threshold, count } = tensor.moments!
  let sum = 0
  const known = values.map((value, i) => {
    if (value !== 0) return value
    // Without a relative: numbers evenly spread below the threshold.
    sum += others ? Math.min(Math.abs(others[i]!), threshold) ** 2 : threshold ** 2 / 3
    return NaN
  })
  const error = (sum / values.length) * count
  return withoutZeros(restored(tensor, error, error, known))
}

/** The numbers of an element sample; null where they are no plain floats. */
export function sampledValues({ dtype, sample }: TensorFingerprint): Float64Array | null {
  return sample && storedValues(dtype, sample)
}

/** Sampled zeros become NaN (all bits of an element set), so that nobody takes them for the source's. */
function withoutZeros(tensor: RestoredTensor): RestoredTensor {
  const sample = tensor.sample!.slice()
  const width = DTYPE_BITS[tensor.dtype] / 8
  tensor.known.forEach((value, i) => {
    if (Number.isNaN(value)) sample.fill(255, i * width, (i + 1) * width)
  })
  return { ...tensor, sample }
}
