import { patternValues } from '../../src-main/fingerprint/encodings.ts'
import { DTYPE_BITS, type Dtype } from '../../src-main/formats/dtype.ts'
import type { Format } from './layout.ts'

const WIDE: Partial<Record<Dtype, Format>> = { F32: 'F32', BF16: 'BF16', F16: 'F16', I16: 'I16', U16: 'U16' }
const BYTES = ['F8_E5M2', 'F8_E4M3', 'F8_E5M2FNUZ', 'F8_E4M3FNUZ', 'F8_E8M0', 'BOOL', 'U8', 'I8'] as const

/** How the device reads a dtype. Null for 64 bits and 32-bit integers, which F32 arithmetic would round. */
export function formatOf(dtype: Dtype): Format | null {
  if ((BYTES as readonly Dtype[]).includes(dtype)) return 'TABLE'
  return WIDE[dtype] ?? null
}

const known = new Map<Dtype, Uint32Array>()

/** The F32 bits of the 256 values of an 8-bit dtype; null for wider ones. */
export function valueTable(dtype: Dtype): Uint32Array | null {
  if (DTYPE_BITS[dtype] !== 8) return null
  const table = known.get(dtype) ?? new Uint32Array(Float32Array.from(patternValues(dtype)).buffer)
  known.set(dtype, table)
  return table
}
