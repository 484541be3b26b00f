import { MOMENT_SUMS } from '../layout.ts'
import { readDoubles, tiles, type BatchResults, type Kernel, type PieceRequest } from './kernel.ts'

const tilesOf = (request: PieceRequest): number => (request.format === 'F32' ? tiles(request) : 0)

/** Dtypes of at most 16 bits have their moments from the counts of their patterns. */
export const moments: Kernel = {
  workgroups: tilesOf,
  results: { field: 'moments', words: (request) => 2 * MOMENT_SUMS * tilesOf(request) },
}

/** Sums over finite elements, in float64. */
export interface PowerSums {
  /** How many. */
  readonly count: number
  readonly shift: number
  /** Σ(x − shift)^p for p = 1 to 4. */
  readonly powers: readonly [number, number, number, number]
  /** Σ|x|. */
  readonly absolute: number
}

/**
 * @param tileCount tiles of the piece
 * @param scale the sums are in units of 2^scale and its powers
 */
export function readMoments(
  results: BatchResults,
  at: number,
  tileCount: number,
  { count, shift, scale }: { count: number; shift: number; scale: number },
): PowerSums {
  const sums = [0, 0, 0, 0, 0]
  readDoubles(results, at, MOMENT_SUMS * tileCount).forEach((sum, i) => (sums[i % MOMENT_SUMS]! += sum))
  const unit = 2 ** scale
  const [first, second, third, fourth, absolute] = sums as [number, number, number, number, number]
  return {
    count,
    shift,
    powers: [first * unit, second * unit ** 2, third * unit ** 3, fourth * unit ** 4],
    absolute: absolute * unit,
  }
}

/** The same sums about another number. */
export function aboutShift({ count, shift, powers, absolute }: PowerSums, other: number): PowerSums {
  const d = shift - other
  const [a, b, c, e] = powers
  return {
    count,
    shift: other,
    powers: [
      a + count * d,
      b + 2 * d * a + count * d ** 2,
      c + 3 * d * b + 3 * d ** 2 * a + count * d ** 3,
      e + 4 * d * c + 6 * d ** 2 * b + 4 * d ** 3 * a + count * d ** 4,
    ],
    absolute,
  }
}
