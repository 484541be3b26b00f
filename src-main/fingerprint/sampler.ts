import { GROUP_SIZE } from './constants.ts'
import type { Encoding } from './encodings.ts'
import type { Kernels } from './kernels/kernels.ts'
import { BLOCK_ELEMENTS, OFFSETS } from './kernels/layout.ts'
import { keptPositions } from './sample.ts'

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
  const memory = wordsOf(buffer, size)
  const perElement = size / memory.BYTES_PER_ELEMENT
  const positions = keptPositions(count)
  const bytes = new Uint8Array(positions.length * size)
  const words = wordsOf(bytes.buffer, size)
  const [widest] = GROUP_SIZES
  /** Elements whose groups are looked at in one call: more where positions are dense. */
  const run = positions.length * widest > count ? BLOCK_ELEMENTS : widest
  const maxima = new Float32Array(buffer, base + OFFSETS.groups, run / GROUP_SIZE)
  const groupMaxima = withGroups ? GROUP_SIZES.map(() => new Float32Array(positions.length)) : []
  /** Around the last position, in the order of GROUP_SIZES. */
  const around = new Float32Array(GROUP_SIZES.length)
  let next = 0
  let group = -1
  let runStart = -1

  /** Blocks begin at multiples of the widest group. */
  const enter = (newGroup: number, values: number, length: number) => {
    const start = newGroup * GROUP_SIZE - ((newGroup * GROUP_SIZE) % run)
    if (start !== runStart) {
      runStart = start
      maxima.fill(0)
      kernels.groupMaxima(values + start * 4, Math.min(run, length - start), base + OFFSETS.groups)
    }
    group = newGroup
    const quarter = group % maxima.length
    around[2] = maxima[quarter]!
    around[1] = Math.max(around[2], maxima[quarter ^ 1]!)
    around[0] = Math.max(around[1], maxima[quarter ^ 2]!, maxima[quarter ^ 3]!)
  }

  return {
    add(source, values, length, start) {
      const first = source / memory.BYTES_PER_ELEMENT
      group = runStart = -1
      for (; next < positions.length && positions[next]! < start + length; next++) {
        const at = positions[next]! - start
        for (let i = 0; i < perElement; i++) words[next * perElement + i] = memory[first + at * perElement + i]!
        if (!withGroups) continue
        const newGroup = Math.floor(at / GROUP_SIZE)
        if (newGroup !== group) enter(newGroup, values, length)
        for (let i = 0; i < around.length; i++) groupMaxima[i]![next] = around[i]!
      }
    },
    finish: () => ({ positions, bytes, groupMaxima }),
  }
}

/** A view in which an element is one word, or two where it has 64 bits. */
function wordsOf(buffer: ArrayBufferLike, size: number): Uint8Array | Uint16Array | Uint32Array {
  if (size === 1) return new Uint8Array(buffer)
  return size === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer)
}
