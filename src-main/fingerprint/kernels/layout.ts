import { GROUP_SIZE, LANES, LOWEST_EXPONENT_64, ROWS_KEPT, SKETCH_SIZE } from '../constants.ts'
import { SUMS } from './kernels.ts'

/** Most bytes that are read before they are measured; larger ones leave the second-level cache. */
export const CHUNK_BYTES = 2 ** 20

/** Elements that all kernels go over while they are in the first-level cache. */
export const BLOCK_ELEMENTS = 4096

/** Most sums of the row-first sketch, 16 MiB; a matrix of more (wider than 32,768 columns) takes the scatter path. */
export const MOST_ROW_SUMS = SKETCH_SIZE * 32768

/** Bytes of each part of the region of one worker. */
const SIZES = {
  chunk: CHUNK_BYTES,
  block: BLOCK_ELEMENTS * 8,
  patterns: 65536 * 8,
  foundPatterns: 65537 * 4,
  exponents: LANES * (1024 - LOWEST_EXPONENT_64) * 4,
  sums: SUMS.length * 8,
  groups: (BLOCK_ELEMENTS / GROUP_SIZE) * 4,
  rowMaxima: ROWS_KEPT * 4,
  sketch: SKETCH_SIZE * SKETCH_SIZE * 8,
  rowSums: MOST_ROW_SUMS * 8,
}

type Part = keyof typeof SIZES

const PAGE = 65536
const LINE = 64

/** Where each part begins, in bytes from the base of the region, and how long all are. */
function place(): { offsets: Record<Part, number>; end: number } {
  let end = 0
  const offsets = {} as Record<Part, number>
  for (const part of Object.keys(SIZES) as Part[]) {
    offsets[part] = end
    end += Math.ceil(SIZES[part] / LINE) * LINE
  }
  return { offsets, end }
}

const placed = place()

export const OFFSETS: Readonly<Record<Part, number>> = placed.offsets

/** Bytes of memory that one set of kernels works in: whole pages of WebAssembly. */
export const MEMORY_PER_WORKER = Math.ceil(placed.end / PAGE) * PAGE
