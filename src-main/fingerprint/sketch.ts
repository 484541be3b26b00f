import { ROWS_KEPT, SKETCH_SIZE } from './constants.ts'
import type { Kernels } from './kernels/kernels.ts'
import { MOST_ROW_SUMS, OFFSETS } from './kernels/layout.ts'

/** A tensor seen as a matrix. */
export interface MatrixShape {
  readonly rows: number
  readonly columns: number
}

/** Leading dimensions of size 1 are dropped; then vectors are one row, and all dimensions after the first make the columns. */
export function matrixShape(shape: readonly number[]): MatrixShape {
  const first = shape.findIndex((size) => size !== 1)
  const [rows = 1, ...rest] = first < 0 ? [] : shape.slice(first)
  if (rest.length === 0) return { rows: 1, columns: rows }
  return { rows, columns: rest.reduce((product, size) => product * size, 1) }
}

export interface Sketcher {
  /** Takes `count` finite values at an address, which begin at the flat position `start`. */
  add(source: number, count: number, start: number): void
  /** Row-major, min(rows, SKETCH_SIZE) × min(columns, SKETCH_SIZE). */
  finish(): Float32Array
  /** Largest magnitude in the row of each flat position; null where values are F64 or there are more than ROWS_KEPT rows. */
  rowMaximaAt(positions: Float64Array): Float32Array | null
}

/**
 * A CountSketch (Charikar, Chen & Farach-Colton 2002) of rows and columns:
 * G[r(i)][c(j)] += s(i) t(j) W[i][j]. Rows are first added, signed, into one row of sums for each bucket; the columns
 * are folded once at the end.
 */
export function createSketcher(kernels: Kernels, { rows, columns }: MatrixShape, single: boolean): Sketcher {
  const { buffer, base } = kernels
  const height = Math.min(rows, SKETCH_SIZE)
  const width = Math.min(columns, SKETCH_SIZE)
  const direct = height * columns > MOST_ROW_SUMS
  const sketchAddress = base + OFFSETS.sketch
  const sketch = new Float64Array(buffer, sketchAddress, height * width).fill(0)
  const rowSums = base + OFFSETS.rowSums
  if (!direct) new Float64Array(buffer, rowSums, height * columns).fill(0)
  const maxima = base + OFFSETS.rowMaxima
  const rowMaxima = single && rows <= ROWS_KEPT ? new Float32Array(buffer, maxima, rows).fill(0) : null
  const addSingle = direct ? kernels.scatterRows32 : kernels.addRows32
  const addDouble = direct ? kernels.scatterRows64 : kernels.addRows64
  const target = direct ? sketchAddress : rowSums
  return {
    add(source, count, start) {
      const row = Math.floor(start / columns)
      const column = start - row * columns
      if (single) addSingle(source, count, row, column, columns, target, maxima)
      else addDouble(source, count, row, column, columns, target)
    },
    finish() {
      if (!direct) kernels.foldColumns(rowSums, height, columns, sketchAddress)
      return new Float32Array(sketch)
    },
    rowMaximaAt(positions) {
      if (!rowMaxima) return null
      const found = new Float32Array(positions.length)
      for (let i = 0; i < found.length; i++) found[i] = rowMaxima[Math.floor(positions[i]! / columns)]!
      return found
    },
  }
}
