import { createHash } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { MEMORY_PER_WORKER, allocateMemory, instantiateKernels } from '../../src-main/fingerprint/kernels/wasm.ts'
import { CHUNK_BYTES, createMeasurer } from '../../src-main/fingerprint/measure.ts'
import type { Measurement } from '../../src-main/fingerprint/types.ts'
import { DTYPE_BITS, type Dtype } from '../../src-main/formats/dtype.ts'
import { measure, measurers, sha256, wasmKernels } from '../support/kernels.ts'
import { bfloat16, bytesOf, float32, gaussian } from './support.ts'

const noise = gaussian(400_000, 1)

/** Equal up to the rounding of sums. */
function expectSame(a: Measurement, b: Measurement) {
  const { moments: first, sketch: firstSketch, ...rest } = a
  const { moments: second, sketch: secondSketch, ...others } = b
  expect(rest).toEqual(others)
  expect(Object.keys(first!)).toEqual(Object.keys(second!))
  for (const key of Object.keys(first!) as (keyof typeof first & string)[]) {
    const [x, y] = [first![key] as number, second![key] as number]
    if (Number.isNaN(x)) expect(y).toBeNaN()
    else expect(Math.abs(x - y), key).toBeLessThanOrEqual(1e-10 * Math.max(Math.abs(x), 0.01))
  }
  firstSketch!.forEach((x, i) => expect(Math.abs(x - secondSketch![i]!)).toBeLessThanOrEqual(1e-5))
}

describe('measurer', () => {
  test.each<[Dtype, Uint8Array, number[]]>([
    ['F32', float32(noise), [500, 800]],
    ['F32', float32(noise.subarray(0, 300_001)), [300_001]],
    ['BF16', bfloat16(noise), [160, 2500]],
    ['F16', bytesOf(Uint16Array.from(noise, (x) => x * 1000)), [400_000]],
    ['I8', bytesOf(Int8Array.from(noise, (x) => x * 40)), [625, 640]],
    ['I64', bytesOf(BigInt64Array.from(noise, (x) => BigInt(Math.round(x * 1000)))), [1000, 400]],
  ])('measures %s the same in any chunks and with both kernels', (dtype, bytes, shape) => {
    const [wanted, ...others] = [CHUNK_BYTES, 1024, 1024 * 37].flatMap((chunkBytes) =>
      measurers(chunkBytes).map(([, measurer]) => measure(measurer, dtype, shape, bytes)),
    )
    for (const other of others) expectSame(other, wanted!)
  })

  const [, measurer] = measurers()[0]!

  it('hands out buffers of at most CHUNK_BYTES that end on whole groups', () => {
    measurer.begin('F32', [CHUNK_BYTES / 2 + 5])
    const lengths: number[] = []
    for (let buffer = measurer.nextBuffer(); buffer.length; buffer = measurer.nextBuffer()) {
      lengths.push(buffer.length)
      measurer.absorb()
    }
    expect(lengths).toEqual([CHUNK_BYTES, CHUNK_BYTES, 20])
  })

  it.each<[Dtype, number]>([
    ['F32', 1_000_003],
    ['U8', 3],
    ['F4', 10],
    ['C64', 77],
    ['F32', 0],
  ])('hashes the bytes of %s as stored', (dtype, elements) => {
    const bytes = new Uint8Array((elements * DTYPE_BITS[dtype]) / 8).map((_, i) => i * 31)
    const wanted = createHash('sha256').update(bytes).digest()
    expect(measure(measurer, dtype, [elements], bytes).hash).toEqual(Uint8Array.from(wanted))
  })

  it.each(['F4', 'F6_E2M3', 'F6_E3M2', 'C64'] as const)('keeps %s as bytes only', (dtype) => {
    const { hash: _, ...rest } = measure(measurer, dtype, [4], new Uint8Array((4 * DTYPE_BITS[dtype]) / 8))
    expect(rest).toEqual({ moments: null, exponents: null, sketch: null, sample: null, grid: null })
  })

  it('measures a tensor without elements', () => {
    expect(measure(measurer, 'BF16', [0, 5], new Uint8Array())).toMatchObject({
      moments: { count: 0, zeros: 0, nan: 0 },
      sketch: new Float32Array(),
      sample: new Uint8Array(),
      grid: null,
    })
  })

  it('refuses to finish early, and starts afresh', () => {
    measurer.begin('F32', [10])
    expect(() => measurer.finish()).toThrow('40 of 40 bytes were not measured')
    const bytes = float32([1, 2, 3])
    expect(measure(measurer, 'F32', [3], bytes)).toEqual(measure(measurers()[0]![1], 'F32', [3], bytes))
  })

  it('does not disturb a measurer on another part of the memory', () => {
    const [first, second] = wasmKernels(2).map((kernels) => createMeasurer(kernels, sha256)) as [
      typeof measurer,
      typeof measurer,
    ]
    const tensors: [Dtype, number[], Uint8Array][] = [
      ['F32', [500, 800], float32(noise)],
      ['BF16', [100, 4000], bfloat16(noise)],
    ]
    const alone = tensors.map(([dtype, shape, bytes]) => measure(measurer, dtype, shape, bytes))
    const places = [0, 0]
    const running = [first, second]
    running.forEach((one, i) => one.begin(tensors[i]![0], tensors[i]![1]))
    for (let step = 0; step < 4; step++) {
      const buffers = running.map((one) => one.nextBuffer())
      buffers.forEach((buffer, i) => {
        buffer.set(tensors[i]![2].subarray(places[i], places[i]! + buffer.length))
        places[i]! += buffer.length
      })
      running.forEach((one, i) => buffers[i]!.length && one.absorb())
    }
    expect(running.map((one) => one.finish())).toEqual(alone)
  })
})

describe('instantiateKernels', () => {
  it.each([-64, 32, 64])('refuses the base %i', (base) => {
    expect(() => instantiateKernels({}, allocateMemory(1), base)).toThrow(RangeError)
  })
  it('asks for at most 48 MiB a worker', () => expect(MEMORY_PER_WORKER).toBeLessThanOrEqual(48 * 2 ** 20))
})
