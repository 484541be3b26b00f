import type { Dtype } from '../formats/dtype.ts'

/** Bumped when any measured number changes its definition; fingerprints of two versions are never compared. */
export const FINGERPRINT_VERSION = 1

/** Moments of the finite elements of one tensor. Sums run over finite elements only; population moments (divided by n). */
export interface Moments {
  /** All elements. */
  readonly count: number
  readonly nan: number
  readonly infinite: number
  readonly zeros: number
  /** NaN if there is no finite element; the same holds for max and mean. */
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly variance: number
  /** NaN where the variance is 0; the same holds for excessKurtosis. */
  readonly skewness: number
  readonly excessKurtosis: number
  /** Sum of |x|. */
  readonly l1: number
  /** Sum of x². */
  readonly sumSquares: number
  /** Smallest |x| that is not 0; NaN if there is none. */
  readonly smallestNonZero: number
  /** Sum over elements of ulp(x)², the squared spacing of the stored dtype at x (1 for integers, subnormals included). */
  readonly spacingSquares: number
}

/** Counts of floor(log2|x|) over finite non-zero elements; bin i counts exponent `first + i`. */
export interface ExponentHistogram {
  readonly first: number
  readonly counts: readonly number[]
}

/** A tensor whose elements all sit on a symmetric grid: x = code × absmax / levels, code an integer in ±levels. */
export interface QuantizationGrid {
  /** What shares one step: the whole tensor, a row, or a group of consecutive elements in row-major order. */
  readonly scope: 'tensor' | 'row' | 'group'
  /** Elements per group where scope is 'group', else 0. */
  readonly groupSize: number
  /** Largest code: 127 for a symmetric 8-bit grid, 7 for 4 bits. */
  readonly levels: number
  /** Root mean square of the distance to the grid, in steps, 0 to 0.5. */
  readonly residual: number
  /** The step at each sampled position, in the order of the element sample. */
  readonly steps: Float32Array
}

/** What one read of one tensor (or of one row block of a fused tensor) leaves behind. */
export interface Measurement {
  /** SHA-256 of the bytes as stored. */
  readonly hash: Uint8Array
  /** Null for dtypes that are kept as bytes only (sub-byte floats, complex numbers). The same holds for the rest. */
  readonly moments: Moments | null
  readonly exponents: ExponentHistogram | null
  /** Bilinear CountSketch, row-major, min(m, SKETCH_SIZE) × min(n, SKETCH_SIZE). */
  readonly sketch: Float32Array | null
  /** Elements at samplePositions(count), bit-exact in the stored dtype, little-endian. */
  readonly sample: Uint8Array | null
  readonly grid: QuantizationGrid | null
}

/** Everything that is measured but the hash. */
export type Numbers = Omit<Measurement, 'hash'>

/** One contiguous range of a file that is measured as one matrix. */
export interface TensorRange {
  readonly name: string
  /** -1 for a whole tensor; 0, 1, 2 for a row block of a fused one (query, key and value in one matrix). */
  readonly block: number
  readonly dtype: Dtype
  /** Shape of the range. */
  readonly shape: readonly number[]
  readonly file: string
  readonly offset: number
  readonly length: number
}

export interface TensorFingerprint extends Measurement {
  readonly name: string
  readonly block: number
  readonly dtype: Dtype
  readonly shape: readonly number[]
}
