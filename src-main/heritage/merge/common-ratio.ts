import { tolerance, type Change } from './elements.ts'

/** Pairs of numbers of which some may have one ratio in common: steps of a model and of its supposed parent. */
export interface Ratios {
  readonly ratio: Float64Array
  /** How far rounding can have moved each. */
  readonly tolerance: Float64Array
}

/** A ratio that rounding blurs more than this, or this share of itself if above 1, says nothing: weights are not smaller. */
const BLURRED = 0.05

/** Standard deviations beyond chance: less than one in 10^15, and at most 10^10 places are searched. */
const BEYOND_CHANCE = 8

/**
 * What is left of a step after `taken`, divided by `vector`, for those of the elements where that is sharp and positive.
 */
export function ratiosOf(
  change: Change,
  taken: (element: number) => number,
  vector: Float64Array,
  elements: readonly number[],
): Ratios {
  const ratio: number[] = []
  const tolerances: number[] = []
  for (const e of elements) {
    const value = (change.step[e]! - taken(e)) / vector[e]!
    const blur = tolerance(change, e, Math.abs(change.step[e]!)) / Math.abs(vector[e]!)
    if (!(value > 0) || !(blur < BLURRED * Math.max(1, value))) continue
    ratio.push(value)
    tolerances.push(blur)
  }
  return { ratio: Float64Array.from(ratio), tolerance: Float64Array.from(tolerances) }
}

/** How many ratios agree with `value` within their tolerance beyond chance. */
export function sharing({ ratio, tolerance }: Ratios, value: number): number {
  let inside = 0
  let beside = 0
  for (let i = 0; i < ratio.length; i++) {
    const miss = Math.abs(ratio[i]! - value) / tolerance[i]!
    if (miss <= 1) inside++
    else if (miss <= 3) beside++
  }
  return beyondChance(inside, beside)
}

/**
 * How many of the numbers within their tolerance of a value are there beyond chance, judged by those `beside` it: within
 * three times the tolerance, which is twice the room. 0 if chance would do.
 */
export function beyondChance(inside: number, beside: number): number {
  const excess = inside - beside / 2
  // Counts vary by themselves, half of those beside by a quarter of them; 1 stands for having seen none.
  return excess > BEYOND_CHANCE * Math.sqrt(1 + (3 * beside) / 4) ? excess : 0
}

/** The number on which the most ratios agree beyond those beside it, each by its certainty; NaN of none. */
export function commonRatio({ ratio, tolerance }: Ratios): number {
  const centre = mostBeyondChance(ratio, tolerance)
  let sum = 0
  let weights = 0
  for (let i = 0; i < ratio.length; i++) {
    if (!(Math.abs(ratio[i]! - centre) <= tolerance[i]!)) continue
    const weight = 1 / tolerance[i]! ** 2
    sum += weight * ratio[i]!
    weights += weight
  }
  return sum / weights
}

/**
 * The point at which the intervals ratio ± tolerance are most in excess of those around it: inside less half of those
 * beside, as in `beyondChance`. Many ratios may crowd where relatives are alike, but only true ones do so within their tolerance.
 */
function mostBeyondChance(ratio: Float64Array, tolerance: Float64Array): number {
  const ends = (width: number): Float64Array => ratio.map((value, i) => value + width * tolerance[i]!).sort()
  // Entering an interval adds its ratio to those inside, leaving it puts it beside; beside are those within thrice the tolerance.
  const events = [
    { at: ends(-3), change: -0.5 },
    { at: ends(-1), change: 1.5 },
    { at: ends(1), change: -1.5 },
    { at: ends(3), change: 0.5 },
  ]
  const passed = events.map(() => 0)
  let [excess, most, point] = [0, 0, NaN]
  const next = (): number => {
    let first = -1
    events.forEach(({ at }, e) => {
      if (passed[e]! < at.length && (first < 0 || at[passed[e]!]! < events[first]!.at[passed[first]!]!)) first = e
    })
    return first
  }
  for (let event = next(); event >= 0;) {
    const from = events[event]!.at[passed[event]!]!
    passed[event]!++
    excess += events[event]!.change
    event = next()
    if (excess <= most || event < 0) continue
    most = excess
    point = (from + events[event]!.at[passed[event]!]!) / 2
  }
  return point
}
