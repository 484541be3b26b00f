import { scaleLinear } from 'd3-scale'

/** Number of the last colour of both ramps of the tokens. */
const LAST = 8

/** Colour of the sequential ramp, as CSS: 0 is little and near the surface, 1 is most. */
export function sequential(part: number): string {
  return ramp('q', LAST * clamp(part, 0, 1))
}

/** Colour of the diverging ramp, as CSS: 0 is the background, −1 and 1 are the ends. */
export function diverging(part: number): string {
  return ramp('d', (LAST / 2) * (1 + clamp(part, -1, 1)))
}

/** Between two neighbours, mixed in oklab, in which the steps of the ramps are even. */
function ramp(name: 'q' | 'd', place: number): string {
  const below = Math.min(LAST - 1, Math.floor(place))
  const percent = Math.round(100 * (place - below))
  if (percent === 0) return `var(--${name}${below})`
  if (percent === 100) return `var(--${name}${below + 1})`
  return `color-mix(in oklab, var(--${name}${below + 1}) ${percent}%, var(--${name}${below}))`
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

/** Whole powers of ten that lie between two positive numbers, at most `most` of them, evenly left out. */
export function decades(low: number, high: number, most = 5): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  const every = Math.max(1, Math.ceil((last - first + 1) / most))
  return range(first, last, every)
}

/** `first`, `first + every`, … up to `last`. */
export function range(first: number, last: number, every = 1): number[] {
  const count = Math.max(0, Math.floor((last - first) / every) + 1)
  return Array.from({ length: count }, (_, index) => first + every * index)
}

/** Round values inside a domain; few, because a legend is small. */
export function ticks([low, high]: readonly [number, number], about: number): number[] {
  return scaleLinear().domain([low, high]).ticks(about)
}
