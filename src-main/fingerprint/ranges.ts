import type { TensorEntry } from '../formats/types.ts'
import { isFloat } from './encodings.ts'
import type { TensorRange } from './types.ts'

/** Fused matrices narrower than this are not split: three rows by one is no query, key and value. */
const SMALLEST_FUSED = 16

/**
 * What is measured of each tensor: the whole of it, or three row blocks of a fused query-key-value matrix [3n, n] and of
 * its bias [3n] (a name that differs in its last dotted part only), so that they compare with separate tensors.
 */
export function planRanges(entries: readonly TensorEntry[]): TensorRange[] {
  const fusedRows = new Map<string, number>()
  for (const entry of entries) if (isFusedMatrix(entry)) fusedRows.set(parentName(entry.name), entry.shape[0]!)
  return entries.flatMap((entry) => {
    const isBias =
      entry.shape.length === 1 && isFloat(entry.dtype) && fusedRows.get(parentName(entry.name)) === entry.shape[0]
    return isBias || isFusedMatrix(entry)
      ? [0, 1, 2].map((block) => third(entry, block))
      : [{ ...whole(entry), block: -1 }]
  })
}

function isFusedMatrix({ shape, dtype }: TensorEntry): boolean {
  const [rows = 0, columns = 0] = shape
  return shape.length === 2 && rows === 3 * columns && columns >= SMALLEST_FUSED && isFloat(dtype)
}

/** The name without its last dotted part. */
function parentName(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('.'), 0))
}

function whole({ name, dtype, shape, file, offset, length }: TensorEntry): Omit<TensorRange, 'block'> {
  return { name, dtype, shape, file, offset, length }
}

function third(entry: TensorEntry, block: number): TensorRange {
  const [rows = 0, ...rest] = entry.shape
  const length = entry.length / 3
  return { ...whole(entry), block, shape: [rows / 3, ...rest], offset: entry.offset + block * length, length }
}
