import type { MagnitudeHistograms } from '../../contract/evidence.ts'
import type { ExponentHistogram } from '../../fingerprint/types.ts'
import type { TensorPair } from './align-pair.ts'

/** The magnitudes of both tensors over one axis; null where those of one were not measured or neither holds a number. */
export function histogramsOf({ a, b }: TensorPair): MagnitudeHistograms | null {
  if (!a.exponents || !b.exponents) return null
  const present = [a.exponents, b.exponents].filter(({ counts }) => counts.length > 0)
  if (present.length === 0) return null
  const first = Math.min(...present.map((histogram) => histogram.first))
  const end = Math.max(...present.map((histogram) => histogram.first + histogram.counts.length))
  const over = ({ first: own, counts }: ExponentHistogram): number[] =>
    Array.from({ length: end - first }, (_, i) => counts[first + i - own] ?? 0)
  return { firstExponent: first, a: over(a.exponents), b: over(b.exponents) }
}
