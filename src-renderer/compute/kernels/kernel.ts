import { THREADS, TILE, type Format, type PieceFields } from '../layout.ts'
import type { BucketRuns } from '../lists.ts'
import type { Piece } from '../pieces.ts'

/** One piece of one tensor, on its way to the device. */
export interface PieceRequest {
  readonly piece: Piece
  readonly format: Format
  /** For the format TABLE. */
  readonly values: Uint32Array | null
  readonly rowRuns: BucketRuns
  readonly columnRuns: BucketRuns
  /** Rows of the piece that hold a sampled element. */
  readonly sampledRows: Uint32Array
  /** Sampled positions whose groups reach into the piece, counted from the aligned place `lead` elements before it. */
  readonly positions: Uint32Array
  readonly lead: number
  /** Whether the device counts bit patterns: for a small tensor the table would be longer than its bytes. */
  readonly countsPatterns: boolean
}

/** What the batch has to know of a kernel; its text lies in the .wgsl file of the same name. */
export interface Kernel {
  /** Workgroups that a piece needs; 0 where the kernel does not concern it. */
  workgroups(request: PieceRequest): number
  /** What it leaves: 32-bit words for a piece, and the field that holds their place. Null where it leaves them to another. */
  readonly results: { readonly field: keyof PieceFields; words(request: PieceRequest): number } | null
}

/** For kernels that go through all elements. */
export function tiles({ piece }: PieceRequest): number {
  return Math.ceil(piece.count / TILE)
}

/** For kernels with one thread for each of a number of results. */
export function threads(count: number): number {
  return Math.ceil(count / THREADS)
}

/** What a batch found, to be read at the places of a piece. */
export interface BatchResults {
  readonly words: Uint32Array
  /** The same memory. */
  readonly floats: Float32Array
}

/** Reads the numbers that a kernel left as sums of two F32, from one place on. */
export function readDoubles({ floats }: BatchResults, at: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => floats[at + 2 * i]! + floats[at + 2 * i + 1]!)
}

/** A piece that lies in a batch. */
export interface PlacedPiece {
  readonly request: PieceRequest
  readonly fields: PieceFields
  /** F32 that is subtracted before powers are taken. */
  readonly shift: number
}
