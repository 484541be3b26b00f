import { ROWS_KEPT } from '../../src-main/fingerprint/constants.ts'
import { keptPositions } from '../../src-main/fingerprint/sample.ts'
import { GROUP_SIZES, type ElementSample } from '../../src-main/fingerprint/sampler.ts'
import type { MatrixShape } from '../../src-main/fingerprint/sketch.ts'
import { raiseGroupMaxima } from './kernels/group-maxima.ts'
import type { BatchResults, PieceRequest, PlacedPiece } from './kernels/kernel.ts'
import { raiseMaxima } from './kernels/row-maxima.ts'
import type { Piece } from './pieces.ts'

const WIDEST = GROUP_SIZES[0]
const NONE = new Uint32Array()

/** What a piece has to be asked about the sampled elements in it and around it. */
type Questions = Pick<PieceRequest, 'sampledRows' | 'positions' | 'lead'>

/** The sampled elements of one tensor, and the largest magnitudes around them. */
export interface SurroundingsCollector {
  ask(piece: Piece): Questions
  /** Keeps what is sampled of the bytes of a piece. */
  pass(piece: Piece, bytes: Uint8Array): void
  take(placed: PlacedPiece, results: BatchResults): void
  sample(): ElementSample
  /** Largest magnitude in the row of each sampled position; null if rows are not kept. */
  rowMaxima(): Float32Array | null
}

/**
 * @param elementBytes size of one element
 * @param withMaxima whether a search for a quantization grid will follow
 */
export function collectSurroundings(
  { rows, columns }: MatrixShape,
  elementBytes: number,
  withMaxima: boolean,
): SurroundingsCollector {
  const positions = keptPositions(rows * columns)
  const kept = new Uint8Array(positions.length * elementBytes)
  const groupMaxima = withMaxima ? GROUP_SIZES.map(() => new Float32Array(positions.length)) : []
  const keepsRows = withMaxima && rows <= ROWS_KEPT
  const sampledRows = keepsRows ? distinctRows(positions, columns) : new Float64Array()
  const maxima = new Float32Array(sampledRows.length)

  const rowsOf = ({ row, rows: height }: Piece): [number, number] => [
    firstAtLeast(sampledRows, row),
    firstAtLeast(sampledRows, row + height),
  ]
  const aroundOf = ({ start, count }: Piece): [number, number] => [
    firstAtLeast(positions, start - (start % WIDEST)),
    firstAtLeast(positions, Math.ceil((start + count) / WIDEST) * WIDEST),
  ]
  return {
    ask(piece) {
      const lead = piece.start % WIDEST
      if (!withMaxima) return { sampledRows: NONE, positions: NONE, lead }
      return {
        sampledRows: Uint32Array.from(sampledRows.subarray(...rowsOf(piece)), (row) => row - piece.row),
        positions: Uint32Array.from(
          positions.subarray(...aroundOf(piece)),
          (position) => position - piece.start + lead,
        ),
        lead,
      }
    },
    pass(piece, bytes) {
      const end = firstAtLeast(positions, piece.start + piece.count)
      for (let i = firstAtLeast(positions, piece.start); i < end; i++) {
        const at = (positions[i]! - piece.start) * elementBytes
        for (let byte = 0; byte < elementBytes; byte++) kept[i * elementBytes + byte] = bytes[at + byte]!
      }
    },
    take({ request, fields }, results) {
      raiseMaxima(results, fields.rowMaxima, request, maxima, rowsOf(request.piece)[0])
      raiseGroupMaxima(results, fields.groupMaxima, request, groupMaxima, aroundOf(request.piece)[0])
    },
    sample: () => ({ positions, bytes: kept, groupMaxima }),
    rowMaxima: () =>
      keepsRows
        ? Float32Array.from(positions, (position) => maxima[firstAtLeast(sampledRows, Math.floor(position / columns))]!)
        : null,
  }
}

/** Ascending, like the positions. */
function distinctRows(positions: Float64Array, columns: number): Float64Array {
  return Float64Array.from(new Set(Array.from(positions, (position) => Math.floor(position / columns))))
}

/** Index of the first of ascending numbers that is not below a bound; their length if there is none. */
function firstAtLeast(numbers: Float64Array, bound: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! < bound) low = middle + 1
    else high = middle
  }
  return low
}
