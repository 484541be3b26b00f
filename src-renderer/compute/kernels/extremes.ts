import { exponentOf } from '../../../src-main/fingerprint/encodings.ts'
import { tiles, type BatchResults, type Kernel } from './kernel.ts'

export const extremes: Kernel = { workgroups: tiles, results: { field: 'extremes', words: () => 7 } }

export interface Extremes {
  /** Infinity where there is no finite element. */
  readonly min: number
  readonly max: number
  /** Infinity where all are 0. */
  readonly smallestNonZero: number
  readonly zeros: number
  readonly nan: number
  readonly infinite: number
  /** floor(log2) of the largest magnitude, 0 where all are 0: sums of the piece are in units of 2^scale. */
  readonly scale: number
}

export function readExtremes({ words }: BatchResults, at: number): Extremes {
  const [most, least, smallest, largest, zeros, nan, infinite] = words.subarray(at, at + 7) as unknown as number[]
  return {
    min: least === 0 ? Infinity : floatOf(unordered(~least! >>> 0)),
    max: most === 0 ? -Infinity : floatOf(unordered(most!)),
    smallestNonZero: smallest === 0 ? Infinity : floatOf(~smallest! >>> 0),
    zeros: zeros!,
    nan: nan!,
    infinite: infinite!,
    scale: largest === 0 ? 0 : exponentOf(floatOf(largest!)),
  }
}

const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)

function floatOf(pattern: number): number {
  bits[0] = pattern
  return float[0]!
}

/** The bits of an F32 from its place in the order of all, as the kernel makes it. */
function unordered(place: number): number {
  return (place >= 0x80000000 ? place ^ 0x80000000 : ~place) >>> 0
}
