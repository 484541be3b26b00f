import type { Dtype } from '../formats/dtype.ts'
import { decodeElements, encodingOf } from './encodings.ts'
import { GROUP_SIZES, type ElementSample } from './sampler.ts'
import type { Moments, QuantizationGrid } from './types.ts'

/** Largest codes of the usual symmetric quantizers of 3 to 8 bits, coarsest first. */
const LEVELS = [3, 7, 8, 15, 31, 63, 127, 128] as const

/** A smooth density gives 0.29; a grid that the store can hold gives nearly 0, rounding to a coarse store up to 0.1. */
const MOST_RESIDUAL = 0.15
const LEAST_PARTICIPANTS = 64
const LEAST_CODES = 3

/** What the search for a grid looks at: values at sampled positions with the largest magnitudes around each. */
export interface GridEvidence {
  /** Sampled values, NaN and infinities included. */
  readonly values: Float64Array
  /** Of the whole tensor. */
  readonly largest: number
  /** Of the row of each position; null if rows were not kept. */
  readonly rowMaxima: Float32Array | null
  /** Of the group of each position, in the order of GROUP_SIZES. */
  readonly groupMaxima: readonly Float32Array[]
  /** Significant bits of the store. */
  readonly precision: number
}

/** The dtypes in which dequantized weights are stored. */
export function mayHaveGrid(dtype: Dtype): boolean {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'
}

/**
 * The grid of a tensor of such a dtype, or null.
 * @param rowMaxima largest magnitude in the row of each sampled position; null if rows were not kept
 */
export function gridOfSample(
  dtype: Dtype,
  { min, max }: Moments,
  { bytes, groupMaxima }: ElementSample,
  rowMaxima: Float32Array | null,
): QuantizationGrid | null {
  return findGrid({
    values: decodeElements(dtype, bytes),
    largest: Math.max(-min, max),
    rowMaxima,
    groupMaxima,
    precision: encodingOf(dtype)!.precision,
  })
}

/** The coarsest symmetric grid (fewest levels, then widest scope) that the sample sits on, or null. */
export function findGrid(evidence: GridEvidence): QuantizationGrid | null {
  const schemes = schemesOf(evidence)
  for (const levels of LEVELS) {
    const limit = Math.min(MOST_RESIDUAL, 0.05 + 0.3 * levels * 2 ** -evidence.precision)
    for (const { scope, groupSize, maxima } of schemes) {
      const residual = distanceToGrid(evidence.values, maxima, levels, limit)
      if (residual === null) continue
      return { scope, groupSize, levels, residual, steps: maxima.map((largest) => largest / levels) }
    }
  }
  return null
}

interface Scheme {
  readonly scope: QuantizationGrid['scope']
  readonly groupSize: number
  /** Largest magnitude of what shares a step with each sampled position. */
  readonly maxima: Float32Array
}

/** Widest first. Quantizers of groups give an all-zero group no step, so that one makes the scheme void. */
function schemesOf({ values, largest, rowMaxima, groupMaxima }: GridEvidence): Scheme[] {
  const schemes: Scheme[] = [{ scope: 'tensor', groupSize: 0, maxima: new Float32Array(values.length).fill(largest) }]
  if (rowMaxima) schemes.push({ scope: 'row', groupSize: 0, maxima: rowMaxima })
  groupMaxima.forEach((maxima, i) => {
    if (!maxima.includes(0)) schemes.push({ scope: 'group', groupSize: GROUP_SIZES[i]!, maxima })
  })
  return schemes
}

/**
 * Root mean square distance, in steps, of the sampled values to the codes ±1 … ±levels; null above `limit` or without
 * enough evidence. Zeros and the maxima themselves lie on every grid and do not take part. A value that is not 0 has no
 * code 0: else the small values of a tensor with outliers would all look quantized.
 */
function distanceToGrid(values: Float64Array, maxima: Float32Array, levels: number, limit: number): number | null {
  const mostSquares = limit * limit * values.length
  let squares = 0
  let participants = 0
  for (let i = 0; i < values.length && squares <= mostSquares; i++) {
    const size = (Math.abs(values[i]!) / maxima[i]!) * levels
    if (!takesPart(size, levels)) continue
    squares += (size - codeOf(size)) ** 2
    participants++
  }
  const residual = Math.sqrt(squares / participants)
  if (participants < LEAST_PARTICIPANTS || residual >= limit) return null
  const codes = new Set<number>()
  values.forEach((value, i) => {
    const size = (Math.abs(value) / maxima[i]!) * levels
    if (takesPart(size, levels)) codes.add(Math.sign(value) * codeOf(size))
  })
  return codes.size >= LEAST_CODES ? residual : null
}

/** Of a magnitude in steps; false for NaN and infinities too. */
function takesPart(size: number, levels: number): boolean {
  return size > 0 && size < levels
}

function codeOf(size: number): number {
  return Math.max(Math.round(size), 1)
}
