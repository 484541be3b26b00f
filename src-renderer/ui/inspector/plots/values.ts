import type { MagnitudeHistograms } from '../../../../src-main/contract/evidence.ts'

/** Bins with fewer values than this say nothing about a ratio. */
const ENOUGH = 50

export interface ValueBin {
  /** Values with 2^exponent ≤ |x| < 2^(exponent + 1). */
  readonly exponent: number
  readonly a: number
  readonly b: number
  /** b ÷ a − 1; null where there are too few values. */
  readonly ratio: number | null
}

/** The bins from the first to the last that holds a value. */
export function valueBins({ firstExponent, a, b }: MagnitudeHistograms): ValueBin[] {
  const bins = a.map((count, index): ValueBin => {
    const other = b[index] ?? 0
    return {
      exponent: firstExponent + index,
      a: count,
      b: other,
      ratio: Math.min(count, other) < ENOUGH ? null : other / count - 1,
    }
  })
  const filled = bins.map(({ a, b }) => a + b > 0)
  return bins.slice(Math.max(0, filled.indexOf(true)), filled.lastIndexOf(true) + 1)
}

/** Largest difference of a ratio from 1, rounded up to one digit; 0 where none is known. */
export function ratioSpread(bins: readonly ValueBin[]): number {
  const most = Math.max(0, ...bins.map(({ ratio }) => Math.abs(ratio ?? 0)))
  if (most === 0) return 0
  const digit = 10 ** Math.floor(Math.log10(most))
  return Number((Math.ceil(most / digit - 1e-9) * digit).toPrecision(1))
}
