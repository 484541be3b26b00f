import { createHash } from 'node:crypto'
import type { Moments, QuantizationGrid, TensorFingerprint } from '../fingerprint/types.ts'
import type { Dtype } from '../formats/dtype.ts'
import type { Bulk } from './lean.ts'

/** Moments and their columns. NaN is stored as NULL, which SQLite does by itself. */
const MOMENT_COLUMNS = {
  count: 'count',
  nan: 'nan',
  infinite: 'infinite',
  zeros: 'zeros',
  min: 'min',
  max: 'max',
  mean: 'mean',
  variance: 'variance',
  skewness: 'skewness',
  excessKurtosis: 'excess_kurtosis',
  l1: 'l1',
  sumSquares: 'sum_squares',
  smallestNonZero: 'smallest_non_zero',
  spacingSquares: 'spacing_squares',
} as const satisfies Record<keyof Moments, string>

type MomentRow = Record<(typeof MOMENT_COLUMNS)[keyof Moments], number | null>
const MOMENTS = Object.entries(MOMENT_COLUMNS) as [keyof Moments, keyof MomentRow][]

/** One row of `tensors`, without its location and its hash. */
export interface TensorRow extends MomentRow {
  /** Position in the model, from 0. */
  ordinal: number
  name: string
  block: number
  dtype: string
  /** JSON. */
  shape: string
  hash: Uint8Array
  exponent_first: number | null
  /** JSON. */
  exponent_counts: string | null
  grid_scope: string | null
  grid_group_size: number | null
  grid_levels: number | null
  grid_residual: number | null
  /** 32-bit floats, little-endian, as is the sketch. */
  grid_steps: Uint8Array | null
  sample: Uint8Array | null
  sketch: Uint8Array | null
}

/** Every column of a TensorRow, in the order in which they are hashed. */
export const TENSOR_COLUMNS = [
  'ordinal',
  'name',
  'block',
  'dtype',
  'shape',
  'hash',
  ...Object.values(MOMENT_COLUMNS),
  'exponent_first',
  'exponent_counts',
  'grid_scope',
  'grid_group_size',
  'grid_levels',
  'grid_residual',
  'grid_steps',
  'sample',
  'sketch',
] as const satisfies readonly (keyof TensorRow)[]

export function encodeTensor(tensor: TensorFingerprint, ordinal: number): TensorRow {
  const { moments, exponents, grid } = tensor
  return {
    ordinal,
    name: tensor.name,
    block: tensor.block,
    dtype: tensor.dtype,
    shape: JSON.stringify(tensor.shape),
    hash: tensor.hash,
    ...encodeMoments(moments),
    exponent_first: exponents?.first ?? null,
    exponent_counts: exponents && JSON.stringify(exponents.counts),
    grid_scope: grid?.scope ?? null,
    grid_group_size: grid?.groupSize ?? null,
    grid_levels: grid?.levels ?? null,
    grid_residual: grid && nullForNaN(grid.residual),
    grid_steps: grid && floatBytes(grid.steps),
    sample: tensor.sample,
    sketch: tensor.sketch && floatBytes(tensor.sketch),
  }
}

/** The inverse of encodeTensor, for a row whose hash was right. */
export function decodeTensor(row: TensorRow): TensorFingerprint {
  return {
    name: row.name,
    block: row.block,
    dtype: row.dtype as Dtype,
    shape: JSON.parse(row.shape) as number[],
    hash: Uint8Array.from(row.hash),
    moments: decodeMoments(row),
    exponents:
      row.exponent_first === null || row.exponent_counts === null
        ? null
        : { first: row.exponent_first, counts: JSON.parse(row.exponent_counts) as number[] },
    sketch: row.sketch && decodeBulk('sketch', row.sketch),
    sample: row.sample && decodeBulk('sample', row.sample),
    grid: decodeGrid(row),
  }
}

/** A copy of a sketch or a sample as it is stored. */
export function decodeBulk<Part extends keyof Bulk>(part: Part, stored: Uint8Array): NonNullable<Bulk[Part]> {
  const decoded: NonNullable<Bulk[keyof Bulk]> = part === 'sketch' ? bytesFloat(stored) : Uint8Array.from(stored)
  return decoded as NonNullable<Bulk[Part]>
}

/** The first 16 bytes of SHA-256 over all columns: finds a row that was damaged below SQLite's notice. */
export function rowHash(row: TensorRow): Uint8Array {
  const values = TENSOR_COLUMNS.map((column) => row[column])
  const hash = createHash('sha256').update(values.map(describe).join())
  for (const value of values) if (value instanceof Uint8Array) hash.update(value)
  return hash.digest().subarray(0, 16)
}

/** Exact and unambiguous for all but blobs, whose bytes follow. */
function describe(value: string | number | Uint8Array | null): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (typeof value === 'string') return JSON.stringify(value)
  return Object.is(value, -0) ? '-0' : String(value)
}

function encodeMoments(moments: Moments | null): MomentRow {
  const values = MOMENTS.map(([key, column]) => [column, moments && nullForNaN(moments[key])])
  return Object.fromEntries(values) as MomentRow
}

function decodeMoments(row: TensorRow): Moments | null {
  if (row.count === null) return null
  return Object.fromEntries(MOMENTS.map(([key, column]) => [key, row[column] ?? NaN])) as unknown as Moments
}

function decodeGrid(row: TensorRow): QuantizationGrid | null {
  if (row.grid_scope === null || row.grid_group_size === null || row.grid_levels === null || row.grid_steps === null)
    return null
  return {
    scope: row.grid_scope as QuantizationGrid['scope'],
    groupSize: row.grid_group_size,
    levels: row.grid_levels,
    residual: row.grid_residual ?? NaN,
    steps: bytesFloat(row.grid_steps),
  }
}

function nullForNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

/** Every system that SQLite's driver is built for is little-endian, so the bytes in memory are the bytes to store. */
function floatBytes(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)
}

/** A copy: blobs of SQLite need not start at a multiple of four bytes. */
function bytesFloat(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}
