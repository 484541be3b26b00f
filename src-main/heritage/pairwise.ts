import type { Steps } from './steps.ts'

/** Rows that stay in the cache while all others pass by. */
const BLOCK = 64

/** Measures one row against four others at a time, each sum in the order of the elements as a plain loop would. */
type Measure = (row: Float32Array, others: readonly Float32Array[], found: Float64Array) => void

/**
 * Inner products of all rows of one list with all of another, or of all pairs i < j of one list where the two are the same.
 * In float64.
 *
 * @param visit called once for each pair, in no particular order
 */
export function innerProducts(
  rows: readonly Float32Array[],
  others: readonly Float32Array[],
  visit: (i: number, j: number, product: number) => void,
): Steps {
  return measurePairs(rows, others, multiply, visit)
}

/** Squared L2 distances, as `innerProducts`. */
export function squaredDistances(
  rows: readonly Float32Array[],
  others: readonly Float32Array[],
  visit: (i: number, j: number, distance: number) => void,
): Steps {
  return measurePairs(rows, others, subtract, visit)
}

function* measurePairs(
  rows: readonly Float32Array[],
  others: readonly Float32Array[],
  measure: Measure,
  visit: (i: number, j: number, value: number) => void,
): Steps {
  const found = new Float64Array(BLOCK)
  for (let start = 0; start < others.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, others.length)
    for (let i = 0; i < rows.length; i++) {
      const first = rows === others ? Math.max(start, i + 1) : start
      if (first >= end) break
      measure(rows[i]!, others.slice(first, end), found)
      for (let j = first; j < end; j++) visit(i, j, found[j - first]!)
      yield
    }
  }
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
