import type { Background, MeasureName } from '../../../src-main/contract/evidence.ts'
import { grouped } from '../../../src-main/contract/words.ts'

const NBSP = '\u00a0'
const MINUS = '\u2212'
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const MOST_DECIMALS = 6
/** Below the first and from the second on, numbers are written as powers of ten. */
const PLAIN = [0.001, 100_000] as const

/** With a fixed number of decimals and a true minus; what rounds to zero has no sign. */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `${MINUS}${text}` : text
}

/** As `fixed`, with a plus before what grows. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals)
  return value > 0 && Number(text) !== 0 ? `+${text}` : text
}

/** So many significant digits; very small and very large numbers as a power of ten: "−2.1 × 10⁻⁵". */
export function significant(value: number, digits = 3): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= PLAIN[0] && size < PLAIN[1]) return fixed(value, decimalsFor(size, digits))
  const [mantissa, exponent] = size.toExponential(Math.max(1, digits - 2)).split('e')
  return `${value < 0 ? MINUS : ''}${mantissa}${NBSP}×${NBSP}${power(Number(exponent))}`
}

/** "10⁻³"; "0.1", "1" and "10" in the middle. */
export function power(exponent: number): string {
  return Math.abs(exponent) <= 1 ? String(10 ** exponent) : `10${superscript(exponent)}`
}

/** "2⁻⁹". */
export function powerOfTwo(exponent: number): string {
  return `2${superscript(exponent)}`
}

function superscript(exponent: number): string {
  return String(exponent).replace(/./g, (letter) => (letter === '-' ? '⁻' : (SUPERSCRIPTS[Number(letter)] ?? letter)))
}

/** A share in percent with three digits: "2.31 %", "141 %". */
export function share(value: number): string {
  return `${inPercent(value)}${NBSP}%`
}

/** The number of `share` without its unit. */
export function inPercent(value: number): string {
  const percent = 100 * value
  if (value !== 0 && Math.abs(percent) < 0.001) return significant(percent, 2)
  return fixed(percent, decimalsFor(Math.abs(percent), 3))
}

/** A round number as short as it is, as an axis has it: "1", "2.5", "−0.05". */
export function short(value: number): string {
  const text = String(Number(Math.abs(value).toPrecision(6)))
  return value < 0 ? `${MINUS}${text}` : text
}

/** "512 × 2048", "128 256 × 2048"; "1" for a single number. */
export function shape(sizes: readonly number[]): string {
  if (sizes.length === 0) return '1'
  return sizes.map((size) => (size < 10_000 ? String(size) : grouped(size))).join(' × ')
}

/** A number of a measure as it is written in a table. */
export function measured(measure: MeasureName, value: number): string {
  if (measure === 'cosine') return fixed(value, 4)
  return measure === 'rank' ? String(Math.round(value)) : share(value)
}

/** What a background is, in the unit of its measure: "141 ± 2 %", "0.000 ± 0.004", "512". */
export function background(measure: MeasureName, { mean, deviation }: Background): string {
  const percent = measure === 'relative-change' || measure === 'equal-fraction'
  const [middle, spread] = percent ? [100 * mean, 100 * deviation] : [mean, deviation]
  const unit = percent ? `${NBSP}%` : ''
  if (spread === 0) return `${short(middle)}${unit}`
  const decimals = decimalsOfError(spread)
  return `${fixed(middle, decimals)}${NBSP}±${NBSP}${fixed(spread, decimals)}${unit}`
}

/** Decimals that leave one digit of an error: what a number with that error is written with. */
export function decimalsOfError(error: number): number {
  return error > 0 ? Math.min(MOST_DECIMALS, Math.max(0, -Math.floor(Math.log10(error)))) : 3
}

function decimalsFor(size: number, digits: number): number {
  if (size === 0) return 0
  // What rounds up to the next power of ten has one decimal less.
  const magnitude = Math.floor(Math.log10(Number(size.toPrecision(digits))))
  return Math.max(0, digits - 1 - magnitude)
}
