/**
 * Low-level operations on one region of memory, little-endian. Addresses are in bytes from the start of `buffer`, aligned
 * to the element; `count` is in elements and at most BLOCK_ELEMENTS (layout.ts). Two implementations give the same
 * numbers up to the rounding of float64 sums: wasm.ts and reference.ts.
 */
export interface Kernels {
  readonly buffer: ArrayBufferLike
  /** Where the region of MEMORY_PER_WORKER bytes begins. */
  readonly base: number

  /**
   * Decodes bit patterns to F32 and counts them, by a table of 8 bytes for each pattern: its count (Uint32), which grows,
   * and its value (F32).
   */
  decode8(source: number, count: number, target: number, patterns: number): void
  decode16(source: number, count: number, target: number, patterns: number): void

  /**
   * Lists the patterns (Uint32, ascending) that a table of `count` entries has counted, and returns how many they are; at
   * `target` there is room for `count` and one more.
   */
  findPatterns(patterns: number, count: number, target: number): number

  /** Integers to F64, rounded to nearest, ties to even. */
  widenI32(source: number, count: number, target: number): void
  widenU32(source: number, count: number, target: number): void
  widenI64(source: number, count: number, target: number): void
  widenU64(source: number, count: number, target: number): void

  /** Copies with 0 in place of NaN and infinities. */
  clean32(source: number, count: number, target: number): void
  clean64(source: number, count: number, target: number): void

  /**
   * Adds values to the running sums (Float64, the order of SUMS) and to counts of floor(log2|x|) (Uint32, LANES to an
   * exponent, LOWEST_EXPONENT_32 or _64 first). Returns how many values are not finite.
   */
  measure32(source: number, count: number, shift: number, sums: number, exponents: number): number
  measure64(source: number, count: number, shift: number, sums: number, exponents: number): number

  /**
   * Adds finite values, which begin at (row, column) of a matrix and go on in row-major order, signed by row, to the F64
   * sums [bucket of the row][column]. addRows32 also keeps the largest magnitude of each row (F32, first ROWS_KEPT rows).
   */
  addRows32(
    source: number,
    count: number,
    row: number,
    column: number,
    columns: number,
    sums: number,
    rowMaxima: number,
  ): void
  addRows64(source: number, count: number, row: number, column: number, columns: number, sums: number): void

  /** The same for matrices too wide for that: straight into F64 [bucket of the row][bucket of the column]. */
  scatterRows32(
    source: number,
    count: number,
    row: number,
    column: number,
    columns: number,
    sketch: number,
    rowMaxima: number,
  ): void
  scatterRows64(source: number, count: number, row: number, column: number, columns: number, sketch: number): void

  /** Adds what addRows32 or addRows64 left in `rows` rows of sums to F64 [row][bucket of the column]. */
  foldColumns(sums: number, rows: number, columns: number, sketch: number): void

  /** The largest magnitude in every group of GROUP_SIZE finite F32 values; the last group may be short. */
  groupMaxima(source: number, count: number, target: number): void
}

/** Running values over the finite elements, x shifted by a constant c; kept by measure32 and measure64. */
export const SUMS = {
  /** Sums of (x - c)^p, p = 1 to 4. */
  first: 0,
  second: 1,
  third: 2,
  fourth: 3,
  absolute: 4,
  min: 5,
  max: 6,
  smallestNonZero: 7,
  /** Counts. */
  nan: 8,
  infinite: 9,
  zeros: 10,
  length: 11,
} as const
