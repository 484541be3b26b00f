/** Terms of the series, and of the continued fraction, that float64 needs on its side of the border. */
const BORDER = 2.5
const TERMS = 100

/**
 * Chance that a standard normal number exceeds z: 0 to 1, relative error below 1e-10. Series of erf for small |z|, continued
 * fraction of erfc for large ones (Abramowitz & Stegun 1964, 7.1.6 and 7.1.14).
 */
export function normalTail(z: number): number {
  return z < 0 ? 1 - upperTail(-z) : upperTail(z)
}

function upperTail(z: number): number {
  const x = z / Math.SQRT2
  if (x < BORDER) {
    let term = x
    let sum = x
    for (let n = 1; n < TERMS; n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 0.5 - (Math.exp(-x * x) * sum) / Math.sqrt(Math.PI)
  }
  let fraction = x
  for (let n = TERMS; n > 0; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (2 * Math.sqrt(Math.PI) * fraction)
}
