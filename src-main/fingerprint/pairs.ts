/** What is measured of two vectors of one length. */
export type PairOperation = 'inner product' | 'squared distance'

/** Asks for all rows of one list with all of another, or for all pairs i < j of one list where the two are the same. */
export interface PairRequest {
  readonly operation: PairOperation
  /** Not empty, all of one length. The same holds for `others`. */
  readonly rows: readonly Float32Array[]
  readonly others: readonly Float32Array[]
}

/** A device that measures many pairs at once. */
export interface PairEngine {
  /**
   * @returns the value of i and j at `i * others.length + j`: a squared distance within 1e-6 of what float64 gives, an inner product
   * within 1e-6 of the product of the two lengths; NaN where float32 cannot tell, and where i < j does not hold in one list; null where this request is too small to be worth it
   * @throws whatever the device failed with: the processor can measure the same
   */
  measure(request: PairRequest): Promise<Float64Array | null>
}

/** Products of two numbers that a request asks for, or squares of a difference. */
export function pairProducts({ rows, others }: PairRequest): number {
  const pairs = rows === others ? (rows.length * (rows.length - 1)) / 2 : rows.length * others.length
  return pairs * (rows[0]?.length ?? 0)
}
