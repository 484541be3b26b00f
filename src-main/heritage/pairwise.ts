import { pairProducts, type PairOperation, type PairRequest } from '../fingerprint/pairs.ts'
import type { Steps } from './steps.ts'

/** Rows that stay in the cache while all others pass by. */
const BLOCK = 64

/**
 * What a device costs beside its arithmetic, in products of the processor at half a nanosecond each: a round trip (8 ms), and each
 * number that is sent or brought back (16 ns). Above what was measured (docs/performance.md), so that where it is asked it pays.
 */
const ROUND_TRIP = 2 ** 24
const TRANSFER = 32

/** Values that are asked for at once: 128 MiB of float64. */
const MOST_ASKED = 2 ** 24

/** Measures one row against four others at a time, each sum in the order of the elements as a plain loop would. */
type Measure = (row: Float32Array, others: readonly Float32Array[], found: Float64Array) => void

type Visit = (i: number, j: number, value: number) => void

/**
 * Inner products of all rows of one list with all of another, or of all pairs i < j of one list where the two are the same.
 * In float64, or by the driver's device where that pays (fingerprint/pairs.ts says how near its values are).
 *
 * @param visit called once for each pair, in an order that depends on the lengths of the lists alone
 */
export function innerProducts(rows: readonly Float32Array[], others: readonly Float32Array[], visit: Visit): Steps {
  return measurePairs(rows, others, 'inner product', visit)
}

/** Squared L2 distances, as `innerProducts`. */
export function squaredDistances(rows: readonly Float32Array[], others: readonly Float32Array[], visit: Visit): Steps {
  return measurePairs(rows, others, 'squared distance', visit)
}

function* measurePairs(
  rows: readonly Float32Array[],
  others: readonly Float32Array[],
  operation: PairOperation,
  visit: Visit,
): Steps {
  const measure = operation === 'inner product' ? multiply : subtract
  const own = new Float64Array(BLOCK)
  const width = BLOCK * Math.max(1, Math.floor(MOST_ASKED / rows.length / BLOCK))
  let columns = others.length
  let answer: Float64Array | undefined
  for (let start = 0; start < others.length; start += BLOCK) {
    if (start % width === 0) {
      const request = requestFor(rows, others, start, width, operation)
      columns = request.others.length
      answer = pays(request) ? yield request : undefined
    }
    const end = Math.min(start + BLOCK, others.length)
    for (let i = 0; i < rows.length; i++) {
      const first = rows === others ? Math.max(start, i + 1) : start
      if (first >= end) break
      const place = i * columns + (first % width)
      const found = answer ? answer.subarray(place, place + end - first) : own
      if (answer) measureUnknown(rows[i]!, others, first, measure, found)
      else measure(rows[i]!, others.slice(first, end), found)
      for (let j = first; j < end; j++) visit(i, j, found[j - first]!)
      yield
    }
  }
}

/** Measures what a device left open, and nothing else: pairs of equal rows keep equal values. */
function measureUnknown(
  row: Float32Array,
  others: readonly Float32Array[],
  first: number,
  measure: Measure,
  found: Float64Array,
): void {
  if (!found.includes(NaN)) return
  const open = [...found.keys()].filter((j) => Number.isNaN(found[j]))
  const own = new Float64Array(BLOCK)
  measure(
    row,
    open.map((j) => others[first + j]!),
    own,
  )
  open.forEach((j, k) => (found[j] = own[k]!))
}

/** For a number of others from a position on, and for all at once if there are no more. */
function requestFor(
  rows: readonly Float32Array[],
  others: readonly Float32Array[],
  start: number,
  width: number,
  operation: PairOperation,
): PairRequest {
  if (width >= others.length) return { operation, rows, others }
  const end = start + width
  return { operation, rows: rows === others ? rows.slice(0, end) : rows, others: others.slice(start, end) }
}

function pays(request: PairRequest): boolean {
  const { rows, others } = request
  const sent = (rows === others ? rows.length : rows.length + others.length) * (rows[0]?.length ?? 0)
  return pairProducts(request) > ROUND_TRIP + TRANSFER * (sent + rows.length * others.length)
}

function multiply(row: Float32Array, others: readonly Float32Array[], found: Float64Array): void {
  for (let j = 0; j < others.length; j += 4) {
    const [a, b, c, d] = four(others, j)
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0]
    for (let k = 0; k < row.length; k++) {
      const x = row[k]!
      sumA += x * a[k]!
      sumB += x * b[k]!
      sumC += x * c[k]!
      sumD += x * d[k]!
    }
    found.set([sumA, sumB, sumC, sumD], j)
  }
}

function subtract(row: Float32Array, others: readonly Float32Array[], found: Float64Array): void {
  for (let j = 0; j < others.length; j += 4) {
    const [a, b, c, d] = four(others, j)
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0]
    for (let k = 0; k < row.length; k++) {
      const x = row[k]!
      const toA = x - a[k]!
      const toB = x - b[k]!
      const toC = x - c[k]!
      const toD = x - d[k]!
      sumA += toA * toA
      sumB += toB * toB
      sumC += toC * toC
      sumD += toD * toD
    }
    found.set([sumA, sumB, sumC, sumD], j)
  }
}

/** Four rows from a position on; the last stands in for those that are missing. */
function four(rows: readonly Float32Array[], at: number): [Float32Array, Float32Array, Float32Array, Float32Array] {
  const last = rows.length - 1
  return [rows[at]!, rows[Math.min(at + 1, last)]!, rows[Math.min(at + 2, last)]!, rows[Math.min(at + 3, last)]!]
}
