// Frozen with FINGERPRINT_VERSION. AssemblyScript compiles this file into the kernels too, so it holds integers alone.

/** Rows and columns of the bilinear CountSketch at most, a multiple of 8; why 64: docs/fingerprint.md. */
export const SKETCH_SIZE = 64

/** Least number of elements that a sample keeps of a tensor that has so many. */
export const SAMPLE_SIZE = 1024

/** Seeds of the index hashes. */
export const ROW_SEED = 0x5bd1e995
export const COLUMN_SEED = 0x1b873593
export const SAMPLE_SEED = 0x2c1b3c6d

/** Elements in the smallest quantization group; the others are two and four times as large. */
export const GROUP_SIZE = 32

/** Rows whose largest magnitude is kept. A tensor with more rows (none was seen) is not tested for row grids. */
export const ROWS_KEPT = 1048576

/** log2 of the smallest F32 and F64 subnormal: the exponents that belong to the first bin of the kernels' counts. */
export const LOWEST_EXPONENT_32 = -149
export const LOWEST_EXPONENT_64 = -1074

/** Counters kept side by side for one exponent, so that equal neighbours do not wait for each other's store. */
export const LANES = 4
