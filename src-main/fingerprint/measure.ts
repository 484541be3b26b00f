import { storedBytes, type Dtype } from '../formats/dtype.ts'
import { encodingOf, type Encoding } from './encodings.ts'
import { gridOfSample, mayHaveGrid } from './grid.ts'
import type { Kernels } from './kernels/kernels.ts'
import { BLOCK_ELEMENTS, CHUNK_BYTES, OFFSETS } from './kernels/layout.ts'
import { createSampler } from './sampler.ts'
import { createSketcher, matrixShape } from './sketch.ts'
import type { Measurement, Numbers } from './types.ts'
import { createPatternCounter, sumPowers, type ValueCollector } from './values.ts'

export { CHUNK_BYTES } from './kernels/layout.ts'
export type { Kernels } from './kernels/kernels.ts'

/** Gives a new SHA-256; `update` must accept views of shared memory. */
export type HashFactory = () => { update(bytes: Uint8Array): unknown; digest(): Uint8Array }

/** Measures tensors one after the other, each in one pass over its bytes. */
export interface Measurer {
  /** Starts a tensor; what was not finished before is dropped. */
  begin(dtype: Dtype, shape: readonly number[]): void
  /**
   * Where the next bytes of the tensor go: at most CHUNK_BYTES, a multiple of 128 elements unless it is the last; empty
   * when all have been taken.
   */
  nextBuffer(): Uint8Array
  /** Measures the bytes that were put there: all of the view. */
  absorb(): void
  /** @throws Error if bytes are missing */
  finish(): Measurement
}

interface NumberCollector {
  /** `count` stored elements at an address, beginning at the flat position `start`. */
  add(source: number, count: number, start: number): void
  finish(): Numbers
}

const NO_NUMBERS: Numbers = { moments: null, exponents: null, sketch: null, sample: null, grid: null }

/**
 * @param kernels the memory and operations of this measurer alone
 * @param chunkBytes size of a full buffer: a multiple of 1,024 (128 of the widest elements), at most CHUNK_BYTES
 */
export function createMeasurer(kernels: Kernels, createHash: HashFactory, chunkBytes = CHUNK_BYTES): Measurer {
  const chunk = new Uint8Array(kernels.buffer, kernels.base + OFFSETS.chunk, chunkBytes)
  const countPatterns = createPatternCounter(kernels)
  const collectValues = (dtype: Dtype, encoding: Encoding) =>
    encoding.decode ? countPatterns(dtype, encoding) : sumPowers(kernels, dtype, encoding)
  let hash = createHash()
  let numbers: NumberCollector | null = null
  let elementBytes = 1
  let length = 0
  let taken = 0
  const nextBuffer = () => chunk.subarray(0, Math.min(chunkBytes, length - taken))
  return {
    begin(dtype, shape) {
      const encoding = encodingOf(dtype)
      hash = createHash()
      numbers = encoding && collectNumbers(kernels, collectValues(dtype, encoding), dtype, encoding, shape)
      elementBytes = encoding?.bytes ?? 1
      length = storedBytes(dtype, shape)
      taken = 0
    },
    nextBuffer,
    absorb() {
      const bytes = nextBuffer()
      hash.update(bytes)
      for (let at = 0; at < bytes.length; at += BLOCK_ELEMENTS * elementBytes) {
        const elements = Math.min(BLOCK_ELEMENTS, (bytes.length - at) / elementBytes)
        numbers?.add(bytes.byteOffset + at, elements, (taken + at) / elementBytes)
      }
      taken += bytes.length
    },
    finish() {
      if (taken < length) throw new Error(`${length - taken} of ${length} bytes were not measured`)
      return { hash: new Uint8Array(hash.digest()), ...(numbers?.finish() ?? NO_NUMBERS) }
    },
  }
}

function collectNumbers(
  kernels: Kernels,
  values: ValueCollector,
  dtype: Dtype,
  encoding: Encoding,
  shape: readonly number[],
): NumberCollector {
  const matrix = matrixShape(shape)
  const single = encoding.bytes <= 2 || dtype === 'F32'
  const gridded = mayHaveGrid(dtype)
  const sketcher = createSketcher(kernels, matrix, single)
  const sampler = createSampler(kernels, encoding, matrix.rows * matrix.columns, gridded)

  return {
    add(source, count, start) {
      const address = values.add(source, count)
      sketcher.add(address, count, start)
      sampler.add(source, address, count, start)
    },
    finish() {
      const { moments, exponents } = values.finish()
      const sample = sampler.finish()
      return {
        moments,
        exponents,
        sketch: sketcher.finish(),
        sample: sample.bytes,
        grid: gridded ? gridOfSample(dtype, moments, sample, sketcher.rowMaximaAt(sample.positions)) : null,
      }
    },
  }
}
