import type { Dtype } from '../formats/dtype.ts'

/** Stores that hold real numbers, from the finest to the coarsest spacing near 1. */
const ROUNDERS: Partial<Record<Dtype, (x: number) => number>> = {
  F64: (x) => x,
  F32: Math.fround,
  F16: Math.f16round,
  BF16: roundToBfloat16,
}

/** The numbers in a little-endian element sample, or null for a store that is not a plain float. */
export function storedValues(dtype: Dtype, bytes: Uint8Array): Float64Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (dtype === 'F64') return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(i * 8, true))
  if (dtype === 'F32') return Float64Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true))
  if (dtype === 'F16') return Float64Array.from({ length: bytes.length / 2 }, (_, i) => view.getFloat16(i * 2, true))
  if (dtype === 'BF16') return Float64Array.from({ length: bytes.length / 2 }, (_, i) => bfloat16(view.getUint16(i * 2, true)))
  return null
}

/** Whether rounding each of `values` to the store `dtype` gives exactly `rounded`. */
export function roundsTo(values: Float64Array, dtype: Dtype, rounded: Float64Array): boolean {
  const round = ROUNDERS[dtype]
  if (!round || values.length !== rounded.length) return false
  return values.every((value, i) => Object.is(round(value), rounded[i]) || (value !== value && rounded[i] !== rounded[i]))
}

const scratch = new DataView(new ArrayBuffer(4))

function bfloat16(bits: number): number {
  scratch.setUint32(0, bits << 16)
  return scratch.getFloat32(0)
}

/** Round to nearest, ties to even, as every framework casts. */
function roundToBfloat16(x: number): number {
  scratch.setFloat32(0, x)
  const bits = scratch.getUint32(0)
  if ((bits & 0x7f800000) === 0x7f800000) return x
  return bfloat16((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16)
}
