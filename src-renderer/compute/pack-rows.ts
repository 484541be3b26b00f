/** Vectors as a device takes them. */
export interface RowList {
  readonly rows: readonly Float32Array[]
  /** The largest |x| of each row; NaN or Infinity where not all of its numbers are finite. */
  readonly magnitudes: Float64Array
}

export function listRows(rows: readonly Float32Array[]): RowList {
  return { rows, magnitudes: Float64Array.from(rows, largestMagnitude) }
}

function largestMagnitude(row: Float32Array): number {
  let largest = 0
  // Math.max keeps a NaN.
  for (let k = 0; k < row.length; k++) largest = Math.max(largest, Math.abs(row[k]!))
  return largest
}

/** A power of two, which costs no precision, that brings the largest number of some lists near 1: its square is far from any bound. */
export function scaleOf(lists: readonly RowList[]): number {
  let largest = 0
  for (const { magnitudes } of lists) {
    for (const magnitude of magnitudes) if (Number.isFinite(magnitude)) largest = Math.max(largest, magnitude)
  }
  return largest === 0 ? 1 : 2 ** -Math.floor(Math.log2(largest))
}

/**
 * Rows from `start` to `end` times a scale; those that are not finite are zeros.
 * @param length elements of a packed row; zeros fill it up
 */
export function packRows(
  { rows, magnitudes }: RowList,
  start: number,
  end: number,
  length: number,
  scale: number,
): Float32Array<ArrayBuffer> {
  const packed = new Float32Array((end - start) * length)
  for (let i = start; i < end; i++) {
    if (!Number.isFinite(magnitudes[i]!)) continue
    const row = rows[i]!
    const place = (i - start) * length
    for (let k = 0; k < row.length; k++) packed[place + k] = row[k]! * scale
  }
  return packed
}
