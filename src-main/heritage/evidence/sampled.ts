import { storedValues } from '../exact/stored-values.ts'
import type { TensorPair } from './align-pair.ts'

/** The elements of two tensors of one shape at the same sampled positions. */
export interface PairedSample {
  readonly a: Float64Array
  readonly b: Float64Array
}

/** Null where one of the two is not a plain float store, or holds no element. */
export function pairedSample({ a, b }: TensorPair): PairedSample | null {
  const x = a.sample && storedValues(a.dtype, a.sample)
  const y = b.sample && storedValues(b.dtype, b.sample)
  return x && y && x.length > 0 && x.length === y.length ? { a: x, b: y } : null
}

/** Share of the positions at which both hold the same number, 0 to 1. */
export function equalFraction({ a, b }: PairedSample): number {
  return a.reduce((sum, value, i) => sum + Number(value === b[i]), 0) / a.length
}

/**
 * The share of equal numbers if the elements of b stood in random order: the chance that two numbers drawn from the two
 * samples are equal. Next to nothing for F32, a few percent for coarse stores and for zeros.
 */
export function equalByChance({ a, b }: PairedSample): number {
  const counts = new Map<number, number>()
  for (const value of a) counts.set(value, (counts.get(value) ?? 0) + 1)
  return b.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0) / (a.length * b.length)
}

/** Excess kurtosis of b − a over the sampled positions; NaN where nothing changed or a number is not finite. */
export function kurtosisOfChange({ a, b }: PairedSample): number {
  return excessKurtosis(a.map((value, i) => b[i]! - value))
}

function excessKurtosis(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let second = 0
  let fourth = 0
  for (const value of values) {
    const square = (value - mean) ** 2
    second += square
    fourth += square * square
  }
  return (fourth * values.length) / (second * second) - 3
}
