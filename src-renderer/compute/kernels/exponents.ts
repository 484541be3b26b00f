import { LOWEST_EXPONENT_32, LOWEST_EXPONENT_64 } from '../../../src-main/fingerprint/constants.ts'
import { EXPONENT_BINS } from '../layout.ts'
import { tiles, type BatchResults, type Kernel } from './kernel.ts'

/** Dtypes of at most 16 bits have their exponents from the counts of their patterns. */
export const exponents: Kernel = {
  workgroups: (request) => (request.format === 'F32' ? tiles(request) : 0),
  results: { field: 'exponents', words: ({ format }) => (format === 'F32' ? EXPONENT_BINS : 0) },
}

/** Adds the counts of a piece to those of all exponents, the lowest of F64 first. */
export function addExponents({ words }: BatchResults, at: number, counts: Float64Array): void {
  for (let bin = 0; bin < EXPONENT_BINS; bin++) {
    const exponent = bin < 256 ? bin - 127 : bin - 256 + LOWEST_EXPONENT_32
    counts[exponent - LOWEST_EXPONENT_64]! += words[at + bin]!
  }
}
