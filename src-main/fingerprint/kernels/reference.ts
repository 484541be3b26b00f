import { GROUP_SIZE, LANES, LOWEST_EXPONENT_32, LOWEST_EXPONENT_64, ROWS_KEPT, SKETCH_SIZE } from '../constants.ts'
import { exponentOf } from '../encodings.ts'
import { columnSlot, rowSlot } from '../hashing.ts'
import { SUMS, type Kernels } from './kernels.ts'
import { MEMORY_PER_WORKER } from './layout.ts'

type Values = Float32Array | Float64Array

/** The kernels in plain TypeScript, over memory of their own: for hosts without WebAssembly SIMD, and for tests. */
export function referenceKernels(): Kernels {
  const buffer = new ArrayBuffer(MEMORY_PER_WORKER)
  const singles = (start: number, count: number) => new Float32Array(buffer, start, count)
  const doubles = (start: number, count: number) => new Float64Array(buffer, start, count)
  const counters = (start: number) => new Uint32Array(buffer, start)

  const addRows = (values: Values, row: number, column: number, columns: number, sums: number) => {
    eachPiece(values, row, column, columns, (piece, i, j) => {
      const { bucket, sign } = rowSlot(i)
      addSigned(piece, sign, doubles(sums + (bucket * columns + j) * 8, piece.length))
    })
  }
  const scatterRows = (values: Values, row: number, column: number, columns: number, sketch: number) => {
    const width = Math.min(columns, SKETCH_SIZE)
    eachPiece(values, row, column, columns, (piece, i, j) => {
      const { bucket, sign } = rowSlot(i)
      scatter(piece, j, sign, doubles(sketch + bucket * width * 8, width))
    })
  }
  const keepRowMaxima = (values: Values, row: number, column: number, columns: number, rowMaxima: number) => {
    eachPiece(values, row, column, columns, (piece, i) => {
      if (i >= ROWS_KEPT) return
      const place = singles(rowMaxima + i * 4, 1)
      place[0] = Math.max(place[0]!, largest(piece))
    })
  }

  return {
    buffer,
    base: 0,
    decode8: (source, count, target, patterns) =>
      decode(new Uint8Array(buffer, source, count), singles(target, count), buffer, patterns),
    decode16: (source, count, target, patterns) =>
      decode(new Uint16Array(buffer, source, count), singles(target, count), buffer, patterns),
    findPatterns: (patterns, count, target) => {
      const counts = new Uint32Array(buffer, patterns, 2 * count)
      const found = counters(target)
      let length = 0
      for (let pattern = 0; pattern < count; pattern++) if (counts[2 * pattern]! > 0) found[length++] = pattern
      return length
    },
    widenI32: (source, count, target) => doubles(target, count).set(new Int32Array(buffer, source, count)),
    widenU32: (source, count, target) => doubles(target, count).set(new Uint32Array(buffer, source, count)),
    widenI64: (source, count, target) =>
      doubles(target, count).set(Array.from(new BigInt64Array(buffer, source, count), Number)),
    widenU64: (source, count, target) =>
      doubles(target, count).set(Array.from(new BigUint64Array(buffer, source, count), Number)),
    clean32: (source, count, target) => clean(singles(source, count), singles(target, count)),
    clean64: (source, count, target) => clean(doubles(source, count), doubles(target, count)),
    measure32: (source, count, shift, sums, exponents) =>
      measure(singles(source, count), shift, doubles(sums, SUMS.length), counters(exponents), LOWEST_EXPONENT_32),
    measure64: (source, count, shift, sums, exponents) =>
      measure(doubles(source, count), shift, doubles(sums, SUMS.length), counters(exponents), LOWEST_EXPONENT_64),
    addRows32: (source, count, row, column, columns, sums, rowMaxima) => {
      addRows(singles(source, count), row, column, columns, sums)
      keepRowMaxima(singles(source, count), row, column, columns, rowMaxima)
    },
    addRows64: (source, count, row, column, columns, sums) =>
      addRows(doubles(source, count), row, column, columns, sums),
    scatterRows32: (source, count, row, column, columns, sketch, rowMaxima) => {
      scatterRows(singles(source, count), row, column, columns, sketch)
      keepRowMaxima(singles(source, count), row, column, columns, rowMaxima)
    },
    scatterRows64: (source, count, row, column, columns, sketch) =>
      scatterRows(doubles(source, count), row, column, columns, sketch),
    foldColumns: (sums, rowCount, columns, sketch) => {
      const width = Math.min(columns, SKETCH_SIZE)
      for (let i = 0; i < rowCount; i++) {
        scatter(doubles(sums + i * columns * 8, columns), 0, 1, doubles(sketch + i * width * 8, width))
      }
    },
    groupMaxima: (source, count, target) => {
      const values = singles(source, count)
      const maxima = singles(target, Math.ceil(count / GROUP_SIZE))
      for (let i = 0; i < maxima.length; i++) {
        maxima[i] = largest(values.subarray(i * GROUP_SIZE, (i + 1) * GROUP_SIZE))
      }
    },
  }
}

/** Cuts values that begin at (row, column) of a matrix, row-major, at the ends of rows. */
function eachPiece(
  values: Values,
  row: number,
  column: number,
  columns: number,
  visit: (piece: Values, row: number, column: number) => void,
): void {
  for (let at = 0; at < values.length; row++, column = 0) {
    const length = Math.min(values.length - at, columns - column)
    visit(values.subarray(at, at + length), row, column)
    at += length
  }
}

function addSigned(values: Values, sign: number, sums: Float64Array): void {
  for (let i = 0; i < values.length; i++) sums[i]! += sign * values[i]!
}

function scatter(values: Values, column: number, sign: number, buckets: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    const slot = columnSlot(column + i)
    buckets[slot.bucket]! += sign * slot.sign * values[i]!
  }
}

function decode(elements: Uint8Array | Uint16Array, target: Values, buffer: ArrayBuffer, patterns: number): void {
  const length = 2 * 2 ** (8 * elements.BYTES_PER_ELEMENT)
  const counts = new Uint32Array(buffer, patterns, length)
  const values = new Float32Array(buffer, patterns, length)
  for (let i = 0; i < elements.length; i++) {
    const entry = 2 * elements[i]!
    counts[entry]!++
    target[i] = values[entry + 1]!
  }
}

function clean(source: Values, target: Values): void {
  for (let i = 0; i < source.length; i++) target[i] = Number.isFinite(source[i]) ? source[i]! : 0
}

function largest(values: Values): number {
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size > most) most = size
  }
  return most
}

function measure(values: Values, shift: number, sums: Float64Array, exponents: Uint32Array, lowest: number): number {
  let [first, second, third, fourth, absolute, nan, infinite, zeros] = [0, 0, 0, 0, 0, 0, 0, 0]
  let [min, max, smallest] = [sums[SUMS.min]!, sums[SUMS.max]!, sums[SUMS.smallestNonZero]!]
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    const size = Math.abs(x)
    if (!(size < Infinity)) {
      if (size === Infinity) infinite++
      else nan++
      continue
    }
    const d = x - shift
    const square = d * d
    first += d
    second += square
    third += square * d
    fourth += square * square
    absolute += size
    if (x < min) min = x
    if (x > max) max = x
    if (size === 0) zeros++
    else {
      if (size < smallest) smallest = size
      exponents[(exponentOf(x) - lowest) * LANES]!++
    }
  }
  const added = [first, second, third, fourth, absolute, 0, 0, 0, nan, infinite, zeros]
  for (let i = 0; i < SUMS.length; i++) sums[i]! += added[i]!
  sums[SUMS.min] = min
  sums[SUMS.max] = max
  sums[SUMS.smallestNonZero] = smallest
  return nan + infinite
}
