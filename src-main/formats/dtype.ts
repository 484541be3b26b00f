/** Bits per element of every dtype that safetensors 0.8 knows. */
export const DTYPE_BITS = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  F64: 64,
  I64: 64,
  U64: 64,
  C64: 64,
} as const

export type Dtype = keyof typeof DTYPE_BITS

export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(DTYPE_BITS, name)
}

/** Bytes of a tensor as stored; elements smaller than a byte share one. */
export function storedBytes(dtype: Dtype, shape: readonly number[]): number {
  return Math.ceil((shape.reduce((product, size) => product * size, 1) * DTYPE_BITS[dtype]) / 8)
}
