import { GROUP_SIZE } from './constants.ts'
import type { Encoding } from './encodings.ts'
import type { Kernels } from './kernels/kernels.ts'
import { OFFSETS } from './kernels/layout.ts'
import { samplePositions } from './sample.ts'

/** Sizes of the groups of consecutive elements that a quantization step may belong to. */
export const GROUP_SIZES = [4 * GROUP_SIZE, 2 * GROUP_SIZE, GROUP_SIZE] as const

/** The sampled elements of one tensor, and what a search for a quantization grid needs to know of their surroundings. */
export interface ElementSample {
  /** Ascending flat positions. */
  readonly positions: Float64Array
  /** The elements as stored. */
  readonly bytes: Uint8Array
  /** Largest magnitude in the aligned group around each position, in the order of GROUP_SIZES; empty if not asked for. */
  readonly groupMaxima: readonly Float32Array[]
}

export interface Sampler {
  /** `count` stored elements and their F32 values, at two addresses, beginning at the flat position `start`. */
  add(source: number, values: number, count: number, start: number): void
  finish(): ElementSample
}

export function createSampler(
  kernels: Kernels,
  { bytes: size }: Encoding,
  count: number,
  withGroups: boolean,
): Sampler {
  const { buffer, base } = kernels
  const memory = new Uint8Array(buffer)
  const quarters = new Float32Array(buffer, base + OFFSETS.groups, 4)
  const positions = samplePositions(count)
  const bytes = new Uint8Array(positions.length * size)
  const groupMaxima = withGroups ? GROUP_SIZES.map(() => new Float32Array(positions.length)) : []
  let next = 0
  let group = -1

  /** Blocks begin at multiples of the widest group. */
  const addGroups = (values: number, length: number, at: number) => {
    const [widest] = GROUP_SIZES
    if (Math.floor(at / widest) !== group) {
      group = Math.floor(at / widest)
      const start = at - (at % widest)
      quarters.fill(0)
      kernels.groupMaxima(values + start * 4, Math.min(widest, length - start), base + OFFSETS.groups)
    }
    const quarter = Math.floor((at % widest) / GROUP_SIZE)
    const half = Math.max(quarters[quarter]!, quarters[quarter ^ 1]!)
    groupMaxima[0]![next] = Math.max(half, quarters[quarter ^ 2]!, quarters[quarter ^ 3]!)
    groupMaxima[1]![next] = half
    groupMaxima[2]![next] = quarters[quarter]!
  }

  return {
    add(source, values, length, start) {
      group = -1
      for (; next < positions.length && positions[next]! < start + length; next++) {
        const at = positions[next]! - start
        for (let i = 0; i < size; i++) bytes[next * size + i] = memory[source + at * size + i]!
        if (withGroups) addGroups(values, length, at)
      }
    },
    finish: () => ({ positions, bytes, groupMaxima }),
  }
}
