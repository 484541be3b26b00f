import type { MatrixShape } from '../../src-main/fingerprint/sketch.ts'
import { BATCH_ELEMENTS } from './layout.ts'

/** A rectangle of a matrix whose elements follow each other: whole rows, or a part of one. */
export interface Piece {
  /** Flat position of its first element. */
  readonly start: number
  readonly row: number
  readonly column: number
  readonly rows: number
  readonly columns: number
  /** rows × columns. */
  readonly count: number
}

/** Cuts a matrix into pieces that fit into a batch, in the order of its elements. */
export function* cutPieces({ rows, columns }: MatrixShape, most = BATCH_ELEMENTS): Generator<Piece> {
  if (columns === 0) return
  const height = Math.max(1, Math.floor(most / columns))
  const width = Math.min(columns, most)
  for (let row = 0; row < rows; row += height) {
    for (let column = 0; column < columns; column += width) {
      const size = { rows: Math.min(height, rows - row), columns: Math.min(width, columns - column) }
      yield { start: row * columns + column, row, column, ...size, count: size.rows * size.columns }
    }
  }
}
