import type { Measurement } from '../../../fingerprint/types.ts'

/** Of the kurtosis and of the sketch, relative: many times the rounding of a right device, far below what matters. */
const KURTOSIS_TOLERANCE = 1e-5
const SKETCH_TOLERANCE = 1e-6

/** Whether a device measured what the processor measured: counts to the last unit, the rest up to rounding. */
export function agree(processor: readonly Measurement[], device: readonly Measurement[]): boolean {
  return processor.length === device.length && processor.every((expected, at) => sameNumbers(expected, device[at]!))
}

function sameNumbers(expected: Measurement, measured: Measurement): boolean {
  return (
    JSON.stringify(exactOf(expected)) === JSON.stringify(exactOf(measured)) &&
    sameKurtosis(expected.moments?.excessKurtosis, measured.moments?.excessKurtosis) &&
    sameSketch(expected.sketch, measured.sketch)
  )
}

function exactOf({ hash, moments, exponents, sample, grid }: Measurement): unknown {
  return [
    [...hash],
    moments && [moments.count, moments.nan, moments.infinite, moments.zeros, moments.min, moments.max],
    moments && moments.smallestNonZero,
    exponents,
    sample && [...sample],
    grid && [grid.scope, grid.groupSize, grid.levels],
  ]
}

function sameKurtosis(expected = NaN, measured = NaN): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(measured)
  return Math.abs(measured - expected) <= KURTOSIS_TOLERANCE * Math.max(1, Math.abs(expected + 3))
}

function sameSketch(expected: Float32Array | null, measured: Float32Array | null): boolean {
  if (!expected || !measured) return expected === measured
  if (expected.length !== measured.length) return false
  let difference = 0
  let size = 0
  for (const [at, x] of expected.entries()) {
    difference += (measured[at]! - x) ** 2
    size += x ** 2
  }
  return difference <= SKETCH_TOLERANCE ** 2 * size
}
