import { range } from '../scales.ts'

/** Room below the smallest value, and above the largest, as a factor. */
const ROOM = 1.6
/** The words about the floor stand below it: it is never nearer to the bottom than this factor. */
const BELOW_FLOOR = 12
/** Smaller values than this share of the largest are not drawn apart from the axis. */
const SMALLEST = 1e-7

/** From below the smallest singular value, or the floor with its words, to above the largest. */
export function spectrumRange(values: readonly number[], floor: number | null): [number, number] {
  const largest = Math.max(...values, floor ?? 0) || 1
  const smallest = Math.min(...values, floor === null || floor === 0 ? Infinity : floor / BELOW_FLOOR)
  return [Math.max(smallest, largest * SMALLEST) / ROOM, largest * ROOM]
}

/** 1, 4, 16, … and the number itself, where they stand apart. */
export function powersOfTwoUpTo(count: number): number[] {
  const powers = range(0, Math.log2(Math.max(1, count)), 2).map((exponent) => 2 ** exponent)
  return [...powers.filter((value) => value * 2 <= count), count]
}

/** The one of two dtypes whose rounding is larger. */
export function coarser([a, b]: readonly [string, string]): string {
  const bits = (dtype: string): number => Number(/\d+/.exec(dtype)?.[0] ?? Infinity) - (dtype.startsWith('B') ? 1 : 0)
  return bits(b) <= bits(a) ? b : a
}
