import { tensorKey } from '../align/names.ts'
import { DTYPE_BITS } from '../../formats/dtype.ts'
import { roundsTo, storedValues } from './stored-values.ts'
import { sameBytes, shapeKey } from '../tensors.ts'
import type { HeritageModel } from '../types.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'

/** Equal for two models with equal tensors, whatever these are called and in whatever order they come. */
export function contentKey(model: HeritageModel): string {
  return model.tensors
    .map((t) => `${t.dtype}:${shapeKey(t)}:${t.hash.join(',')}`)
    .sort()
    .join('\n')
}

/** Of two models with equal contents: a copy if the tensors also have equal names, otherwise renamed. */
export function copyType(a: HeritageModel, b: HeritageModel): 'copy' | 'renamed' {
  const names = new Map(a.tensors.map((tensor) => [tensorKey(tensor), tensor]))
  const same = b.tensors.every((tensor) => {
    const twin = names.get(tensorKey(tensor))
    return twin !== undefined && sameBytes(twin, tensor)
  })
  return same ? 'copy' : 'renamed'
}

/** Equal bytes, or equal numbers but for the rounding to another store. */
export function isUnchanged(a: TensorFingerprint, b: TensorFingerprint): boolean {
  if (sameBytes(a, b)) return true
  return a.dtype !== b.dtype && a.sample !== null && b.sample !== null && (rounds(a, b) || rounds(b, a))
}

/** Most pairs that do not round to each other show it in so many elements. */
const FIRST_ELEMENTS = 16

/** Whether every sampled number of one tensor, rounded to the store of the other, gives that one's. */
export function rounds(from: TensorFingerprint, to: TensorFingerprint): boolean {
  return roundsFirst(from, to, FIRST_ELEMENTS) && roundsFirst(from, to, Infinity)
}

function roundsFirst(from: TensorFingerprint, to: TensorFingerprint, count: number): boolean {
  const first = ({ dtype, sample }: TensorFingerprint): Float64Array | null =>
    storedValues(dtype, sample!.subarray(0, (count * DTYPE_BITS[dtype]) / 8))
  const values = first(from)
  const rounded = first(to)
  return values !== null && rounded !== null && roundsTo(values, to.dtype, rounded)
}
