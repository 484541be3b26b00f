import { SKETCH_SIZE } from '../../src-main/fingerprint/constants.ts'
import { encodingOf } from '../../src-main/fingerprint/encodings.ts'
import { gridOfSample, mayHaveGrid } from '../../src-main/fingerprint/grid.ts'
import { matrixShape } from '../../src-main/fingerprint/sketch.ts'
import type { Numbers } from '../../src-main/fingerprint/types.ts'
import type { Dtype } from '../../src-main/formats/dtype.ts'
import { collectDistribution } from './distribution.ts'
import { formatOf, valueTable } from './formats.ts'
import { readExtremes } from './kernels/extremes.ts'
import { addFolds } from './kernels/fold.ts'
import type { BatchResults, PieceRequest, PlacedPiece } from './kernels/kernel.ts'
import { columnRuns, rowRuns } from './lists.ts'
import { cutPieces, type Piece } from './pieces.ts'
import { collectSurroundings } from './surroundings.ts'

/** Elements that the mean of a piece is guessed from. */
const GUESS_SIZE = 4096

/** Puts together what batches find in the pieces of one tensor. */
export interface TensorCollector {
  readonly elementBytes: number
  readonly pieces: readonly Piece[]
  /** What the device is to be asked about a piece. */
  request(piece: Piece): PieceRequest
  /**
   * Told of the bytes of each piece, little-endian, before the device has them.
   * @returns an F32 near the mean of its finite elements, to be subtracted before powers are taken
   */
  pass(piece: Piece, bytes: Uint8Array): number
  take(placed: PlacedPiece, results: BatchResults): void
  finish(): Numbers
}

/** @param dtype one that the device reads */
export function collectTensor(dtype: Dtype, shape: readonly number[]): TensorCollector {
  const matrix = matrixShape(shape)
  const elementBytes = encodingOf(dtype)!.bytes
  const width = Math.min(matrix.columns, SKETCH_SIZE)
  const sketch = new Float64Array(Math.min(matrix.rows, SKETCH_SIZE) * width)
  const distribution = collectDistribution(dtype, matrix.rows * matrix.columns)
  const surroundings = collectSurroundings(matrix, elementBytes, mayHaveGrid(dtype))
  return {
    elementBytes,
    pieces: [...cutPieces(matrix)],
    request: (piece) => ({
      piece,
      format: formatOf(dtype)!,
      values: valueTable(dtype),
      rowRuns: rowRuns(piece.row, piece.rows),
      columnRuns: columnRuns(piece.column, piece.columns),
      countsPatterns: distribution.countsPatterns,
      ...surroundings.ask(piece),
    }),
    pass(piece, bytes) {
      distribution.pass(bytes)
      surroundings.pass(piece, bytes)
      return dtype === 'F32' ? guessMean(bytes) : 0
    },
    take(placed, results) {
      const { request, fields } = placed
      const { scale } = readExtremes(results, fields.extremes)
      distribution.take(placed, results)
      addFolds(results, fields.folds, request, scale, sketch, width)
      surroundings.take(placed, results)
    },
    finish() {
      const { moments, exponents } = distribution.finish()
      const sample = surroundings.sample()
      return {
        moments,
        exponents,
        sketch: new Float32Array(sketch),
        sample: sample.bytes,
        grid: mayHaveGrid(dtype) ? gridOfSample(dtype, moments, sample, surroundings.rowMaxima()) : null,
      }
    },
  }
}

/** F32 near the mean of the finite elements: that of elements at even distances, so that their order does not matter. */
function guessMean(bytes: Uint8Array): number {
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  // Odd: columns of a matrix repeat at even distances.
  const step = Math.ceil(values.length / GUESS_SIZE) | 1
  let sum = 0
  let count = 0
  for (let at = 0; at < values.length; at += step) {
    if (!Number.isFinite(values[at]!)) continue
    sum += values[at]!
    count++
  }
  return count > 0 ? Math.fround(sum / count) : 0
}
