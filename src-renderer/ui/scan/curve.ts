import type { Rate } from '../stores/scan.ts'

/**
 * An SVG path of rates over the last `span` milliseconds: now at the right, `most` at the top (0 px), nothing at the
 * bottom. Empty for fewer than two points.
 */
export function curvePath(
  rates: readonly Rate[],
  { width, height, span, most }: { width: number; height: number; span: number; most: number },
): string {
  const end = rates.at(-1)
  if (!end || rates.length < 2 || most <= 0) return ''
  const points = rates.map(({ at, bytesPerSecond }) => {
    const x = Math.max(0, width * (1 - (end.at - at) / span))
    const y = height * (1 - bytesPerSecond / most)
    return `${x.toFixed(1)} ${y.toFixed(1)}`
  })
  return `M${points.join('L')}`
}
