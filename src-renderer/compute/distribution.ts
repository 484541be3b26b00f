import { encodingOf, patternValues, type Encoding } from '../../src-main/fingerprint/encodings.ts'
import { SUMS } from '../../src-main/fingerprint/kernels/kernels.ts'
import { emptyExponents, fromPatterns, fromSums, type Distribution } from '../../src-main/fingerprint/moments.ts'
import type { Dtype } from '../../src-main/formats/dtype.ts'
import { addExponents } from './kernels/exponents.ts'
import { readExtremes, type Extremes } from './kernels/extremes.ts'
import { tiles, type BatchResults, type PlacedPiece } from './kernels/kernel.ts'
import { aboutShift, readMoments, type PowerSums } from './kernels/moments.ts'
import { addPatterns } from './kernels/patterns.ts'

/** Elements below which patterns are counted where the bytes pass by: a table of 65,536 counts is longer than they are. */
const MOST_COUNTED_HERE = 65536

/** The distribution of one tensor, from its pieces. */
export interface DistributionCollector {
  readonly countsPatterns: boolean
  /** Told of the bytes of each piece. */
  pass(bytes: Uint8Array): void
  take(placed: PlacedPiece, results: BatchResults): void
  finish(): Distribution
}

/** @param count elements of the tensor, of a dtype that the device reads */
export function collectDistribution(dtype: Dtype, count: number): DistributionCollector {
  const encoding = encodingOf(dtype)!
  if (dtype === 'F32') return collectSums(encoding, count)
  return count < MOST_COUNTED_HERE ? countHere(dtype, encoding) : collectPatterns(dtype, encoding)
}

/** For F32. */
function collectSums(encoding: Encoding, count: number): DistributionCollector {
  const exponents = emptyExponents()
  const sums: PowerSums[] = []
  const found: Extremes[] = []
  return {
    countsPatterns: false,
    pass: () => {},
    take({ request, fields, shift }, results) {
      const extremes = readExtremes(results, fields.extremes)
      const finite = request.piece.count - extremes.nan - extremes.infinite
      const about = { count: finite, shift, scale: extremes.scale }
      found.push(extremes)
      sums.push(readMoments(results, fields.moments, tiles(request), about))
      addExponents(results, fields.exponents, exponents)
    },
    finish() {
      // About the mean itself, so that nothing cancels.
      const finite = sums.reduce((total, piece) => total + piece.count, 0)
      const mean = sums.reduce((total, { count, shift, powers }) => total + count * shift + powers[0], 0) / finite
      const shift = finite > 0 ? mean : 0
      const total = new Float64Array(SUMS.length)
      for (const piece of sums) {
        const { powers, absolute } = aboutShift(piece, shift)
        powers.forEach((power, p) => (total[SUMS.first + p]! += power))
        total[SUMS.absolute]! += absolute
      }
      total[SUMS.min] = least(found.map(({ min }) => min))
      total[SUMS.max] = -least(found.map(({ max }) => -max))
      total[SUMS.smallestNonZero] = least(found.map(({ smallestNonZero }) => smallestNonZero))
      for (const { nan, infinite, zeros } of found) {
        total[SUMS.nan]! += nan
        total[SUMS.infinite]! += infinite
        total[SUMS.zeros]! += zeros
      }
      return fromSums(encoding, count, shift, total, exponents)
    },
  }
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity)
}

/** For large tensors of at most 16 bits. */
function collectPatterns(dtype: Dtype, encoding: Encoding): DistributionCollector {
  const values = patternValues(dtype)
  const counts = new Float64Array(values.length)
  return {
    countsPatterns: true,
    pass: () => {},
    take: ({ fields }, results) => addPatterns(results, fields.patterns, counts),
    finish: () => fromPatterns(encoding, values, counts, present(counts)),
  }
}

/** For small ones, which are one piece. */
function countHere(dtype: Dtype, encoding: Encoding): DistributionCollector {
  const values = patternValues(dtype)
  const counts = new Map<number, number>()
  return {
    countsPatterns: false,
    pass(bytes) {
      const patterns = encoding.bytes === 1 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
      for (const pattern of patterns) counts.set(pattern, (counts.get(pattern) ?? 0) + 1)
    },
    take: () => {},
    finish() {
      const table: number[] = []
      for (const [pattern, count] of counts) table[pattern] = count
      return fromPatterns(
        encoding,
        values,
        table,
        [...counts.keys()].sort((a, b) => a - b),
      )
    },
  }
}

function present(counts: Float64Array): number[] {
  return [...counts.keys()].filter((pattern) => counts[pattern]! > 0)
}
