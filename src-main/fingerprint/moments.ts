import { LANES, LOWEST_EXPONENT_64 } from './constants.ts'
import { exponentOf, spacingSquare, type Encoding } from './encodings.ts'
import { SUMS } from './kernels/kernels.ts'
import type { ExponentHistogram, Moments } from './types.ts'

/** What is known of the distribution of one tensor's elements. */
export interface Distribution {
  readonly moments: Moments
  readonly exponents: ExponentHistogram
}

/** Room for the exponents of all F64, the smallest subnormal first. */
export function emptyExponents(): Float64Array {
  return new Float64Array(1024 - LOWEST_EXPONENT_64)
}

/** Adds what measure32 or measure64 counted since, whose first exponent is `lowest`, and sets it back to 0. */
export function drainExponents(counters: Uint32Array, lowest: number, exponents: Float64Array): void {
  const offset = lowest - LOWEST_EXPONENT_64
  for (let i = 0; i < counters.length; i++) exponents[offset + Math.floor(i / LANES)]! += counters[i]!
  counters.fill(0)
}

/** From sums of powers of x - shift, as the kernels keep them. */
export function fromSums(
  encoding: Encoding,
  count: number,
  shift: number,
  sums: Float64Array,
  exponents: Float64Array,
): Distribution {
  const [nan, infinite, zeros] = [sums[SUMS.nan]!, sums[SUMS.infinite]!, sums[SUMS.zeros]!]
  const n = count - nan - infinite
  // Moments about the shift, then about the mean.
  const [a, b, c, d] = [SUMS.first, SUMS.second, SUMS.third, SUMS.fourth].map((power) => sums[power]! / n) as [
    number,
    number,
    number,
    number,
  ]
  return describe(encoding, exponents, {
    count,
    nan,
    infinite,
    zeros,
    min: sums[SUMS.min]!,
    max: sums[SUMS.max]!,
    smallestNonZero: sums[SUMS.smallestNonZero]!,
    l1: sums[SUMS.absolute]!,
    sumSquares: n > 0 ? n * (b + 2 * shift * a + shift * shift) : 0,
    mean: shift + a,
    central: [b - a * a, c - 3 * a * b + 2 * a ** 3, d - 4 * a * c + 6 * a * a * b - 3 * a ** 4],
  })
}

/** From how often each bit pattern occurred, in two passes over those that did, which `present` lists. */
export function fromPatterns(
  encoding: Encoding,
  values: Float64Array,
  counts: ArrayLike<number>,
  present: readonly number[],
): Distribution {
  const tally = { count: 0, nan: 0, infinite: 0, zeros: 0, min: Infinity, max: -Infinity, smallestNonZero: Infinity }
  const exponents = emptyExponents()
  let sum = 0
  let l1 = 0
  let sumSquares = 0
  for (const pattern of present) {
    const count = counts[pattern]!
    const x = values[pattern]!
    tally.count += count
    if (x !== x) tally.nan += count
    else if (!Number.isFinite(x)) tally.infinite += count
    else {
      tally.min = Math.min(tally.min, x)
      tally.max = Math.max(tally.max, x)
      sum += count * x
      l1 += count * Math.abs(x)
      sumSquares += count * x * x
      if (x === 0) tally.zeros += count
      else {
        tally.smallestNonZero = Math.min(tally.smallestNonZero, Math.abs(x))
        exponents[exponentOf(x) - LOWEST_EXPONENT_64]! += count
      }
    }
  }
  const n = tally.count - tally.nan - tally.infinite
  const mean = sum / n
  const central: [number, number, number] = [0, 0, 0]
  for (const pattern of present) {
    const d = values[pattern]! - mean
    if (!Number.isFinite(d)) continue
    const share = counts[pattern]! / n
    central[0] += share * d * d
    central[1] += share * d * d * d
    central[2] += share * d * d * d * d
  }
  return describe(encoding, exponents, { ...tally, l1, sumSquares, mean, central })
}

interface Tally extends Omit<Moments, 'variance' | 'skewness' | 'excessKurtosis' | 'spacingSquares'> {
  /** Means of (x - mean)^p, p = 2, 3, 4. */
  readonly central: readonly [number, number, number]
}

function describe(encoding: Encoding, counted: Float64Array, { central, ...tally }: Tally): Distribution {
  const exponents = trim(counted)
  const n = tally.count - tally.nan - tally.infinite
  // Rounding must not give equal numbers a spread.
  const constant = n > 0 && tally.min === tally.max
  const variance = constant ? 0 : Math.max(central[0], 0)
  const moments: Moments = {
    ...tally,
    min: n > 0 ? tally.min : NaN,
    max: n > 0 ? tally.max : NaN,
    mean: n === 0 ? NaN : constant ? tally.min : tally.mean,
    smallestNonZero: n > tally.zeros ? tally.smallestNonZero : NaN,
    variance: n > 0 ? variance : NaN,
    skewness: variance > 0 ? central[1] / variance ** 1.5 : NaN,
    excessKurtosis: variance > 0 ? central[2] / variance ** 2 - 3 : NaN,
    spacingSquares: sumSpacings(encoding, exponents, tally.zeros),
  }
  return { moments, exponents }
}

function sumSpacings(encoding: Encoding, { first, counts }: ExponentHistogram, zeros: number): number {
  let sum = zeros * spacingSquare(encoding, -Infinity)
  counts.forEach((count, i) => {
    if (count > 0) sum += count * spacingSquare(encoding, first + i)
  })
  return sum
}

function trim(exponents: Float64Array): ExponentHistogram {
  let [first, end] = [0, exponents.length]
  while (first < end && exponents[first] === 0) first++
  while (end > first && exponents[end - 1] === 0) end--
  return first === end
    ? { first: 0, counts: [] }
    : { first: first + LOWEST_EXPONENT_64, counts: Array.from(exponents.subarray(first, end)) }
}
