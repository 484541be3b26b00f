import type { Dtype } from '../../formats/dtype.ts'
import { SAMPLE_SIZE } from '../../fingerprint/constants.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { decodeElements } from '../../fingerprint/encodings.ts'

/** How a real number is stored in each float store: rounded to nearest, ties to even, as every framework casts. */
const ROUNDERS: Partial<Record<Dtype, (x: number) => number>> = {
  F64: (x) => x,
  F32: Math.fround,
  F16: Math.f16round,
  BF16: roundToBfloat16,
}

/** Whether the store holds plain floating-point numbers. */
export function isFloatStore(dtype: Dtype): boolean {
  return dtype in ROUNDERS
}

/** Whether the element sample holds every element. */
export function isSampledWhole({ shape }: TensorFingerprint): boolean {
  return shape.reduce((product, size) => product * size, 1) < 2 * SAMPLE_SIZE
}

/** The numbers in an element sample, or null for a store that is not a plain float. */
export function storedValues(dtype: Dtype, bytes: Uint8Array): Float64Array | null {
  if (dtype === 'F64') return new Float64Array(bytes.slice().buffer)
  return ROUNDERS[dtype] ? decodeElements(dtype, bytes) : null
}

/** Whether rounding each of `values` to the store `dtype` gives exactly `rounded`. */
export function roundsTo(values: Float64Array, dtype: Dtype, rounded: Float64Array): boolean {
  const round = ROUNDERS[dtype]
  if (!round || values.length !== rounded.length) return false
  return values.every((value, i) => Object.is(round(value), rounded[i]))
}

const scratch = new DataView(new ArrayBuffer(4))

function roundToBfloat16(x: number): number {
  scratch.setFloat32(0, x)
  const bits = scratch.getUint32(0)
  const infiniteOrNan = (bits & 0x7f800000) === 0x7f800000
  scratch.setUint32(0, infiniteOrNan ? bits : (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000)
  return scratch.getFloat32(0)
}
