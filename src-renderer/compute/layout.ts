import { GROUP_SIZES } from '../../src-main/fingerprint/sampler.ts'

/** Threads of one workgroup: what every device has. */
export const THREADS = 64

/** Elements that one workgroup reads where a kernel goes through all of them. */
export const TILE = 4096

/** Columns of a row that one thread searches for its largest magnitude. */
export const SEGMENT = 256

/** Rows of a strip and columns of a slice at most: what one thread adds, so that there are enough threads. */
export const LONGEST_SUM = 64

/** Elements of one batch: 4 MiB of F32. Enough for all of a large device, little enough to have several on their way. */
export const BATCH_ELEMENTS = 2 ** 20

/** Pieces of one batch: a model of small tensors shares an upload. */
export const MOST_PIECES = 512

/** 254 exponents of normal numbers, counted from biased exponent 0, and 23 of subnormal ones from 256 on. */
export const EXPONENT_BINS = 279

/** First to fourth power, and the sum of magnitudes. */
export const MOMENT_SUMS = 5

/** How the device reads an element; 8-bit dtypes by a table of 256 values. */
export const FORMATS = ['F32', 'BF16', 'F16', 'I16', 'U16', 'TABLE'] as const
export type Format = (typeof FORMATS)[number]

/** In the order in which they run: later ones use what earlier ones found. */
export const KERNELS = [
  'extremes',
  'exponents',
  'moments',
  'patterns',
  'strips',
  'fold',
  'row-maxima',
  'group-maxima',
] as const
export type KernelName = (typeof KERNELS)[number]

/**
 * What the kernels know of a piece, 32 bits each. Names of lists and of results are places there; `sampledRows`, `positions`,
 * `strips` and `slices` count.
 */
export const PIECE_FIELDS = [
  'base',
  'count',
  'columns',
  'format',
  'values',
  'shift',
  'lead',
  'strips',
  'stripStarts',
  'stripRows',
  'slices',
  'sliceStarts',
  'sliceColumns',
  'scratch',
  'sampledRows',
  'sampledRowList',
  'positions',
  'positionList',
  'extremes',
  'exponents',
  'moments',
  'patterns',
  'folds',
  'rowMaxima',
  'groupMaxima',
] as const
export type PieceFields = Readonly<Record<(typeof PIECE_FIELDS)[number], number>>

/** The head of the lists: the number of pieces, then for each kernel the first workgroup of each piece. */
export const LIST_HEAD = 1 + KERNELS.length * MOST_PIECES

/** What goes before the text of every kernel: the numbers above, so that each is written down once. */
export function prelude(common: string): string {
  const constants = {
    THREADS,
    TILE,
    SEGMENT,
    MOST_PIECES,
    EXPONENT_BINS,
    MOMENT_SUMS,
    WIDEST_GROUP: GROUP_SIZES[0],
    ...Object.fromEntries(FORMATS.map((format, index) => [`FORMAT_${format}`, index])),
  }
  return [
    ...Object.entries(constants).map(([name, value]) => `const ${name} = ${value}u;`),
    `struct Piece { ${PIECE_FIELDS.map((field) => `${field}: u32`).join(', ')} }`,
    common,
  ].join('\n')
}
