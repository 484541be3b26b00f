/** Number of values, their mean, and the sums of the second to fourth powers of their distance from it. */
export interface Moments {
  readonly count: number
  readonly mean: number
  readonly m2: number
  readonly m3: number
  readonly m4: number
}

export const NO_VALUES: Moments = { count: 0, mean: 0, m2: 0, m3: 0, m4: 0 }

export function momentsOf(values: Float64Array): Moments {
  let sum = 0
  for (const value of values) sum += value
  const mean = values.length === 0 ? 0 : sum / values.length
  let [m2, m3, m4] = [0, 0, 0]
  for (const value of values) {
    const d = value - mean
    m2 += d * d
    m3 += d * d * d
    m4 += d * d * d * d
  }
  return { count: values.length, mean, m2, m3, m4 }
}

/** Moments of two sets together (Pébay 2008, equations 2.1 with p = 2, 3, 4). */
export function joinMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b
  const n = a.count + b.count
  const d = b.mean - a.mean
  const [p, q] = [a.count / n, b.count / n]
  const d2 = d * d
  return {
    count: n,
    mean: a.mean + d * q,
    m2: a.m2 + b.m2 + d2 * n * p * q,
    m3: a.m3 + b.m3 + d * d2 * n * p * q * (p - q) + 3 * d * (p * b.m2 - q * a.m2),
    m4:
      a.m4 +
      b.m4 +
      d2 * d2 * n * p * q * (p * p - p * q + q * q) +
      6 * d2 * (p * p * b.m2 + q * q * a.m2) +
      4 * d * (p * b.m3 - q * a.m3),
  }
}

/** Fourth standardised moment, 3 for normal numbers; 0 for a constant. */
export function kurtosis({ count, m2, m4 }: Moments): number {
  return m2 === 0 ? 0 : (count * m4) / (m2 * m2)
}
