import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Moments, Numbers } from '../../src-main/fingerprint/types.ts'
import { DTYPE_BITS, type Dtype } from '../../src-main/formats/dtype.ts'
import type { ByteSource, ComputeEngine } from '../../src-renderer/compute/types.ts'
import { bfloat16, float16, float32, gaussian, random, referenceMoments } from '../fingerprint/support.ts'
import { measure, measurers } from '../support/kernels.ts'

interface Tensor {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** Bytes that begin at an odd place of their memory. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  const shifted = new Uint8Array(bytes.length + 3).subarray(3)
  shifted.set(bytes)
  return { read: (target, offset) => target.set(shifted.subarray(offset, offset + target.length)) }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

const store = { F32: float32, BF16: bfloat16, F16: float16 } as const
type Store = keyof typeof store

function normal(dtype: Store, shape: readonly number[], sigma = 0.02, mean = 0, seed = 1): Tensor {
  return { dtype, shape, bytes: store[dtype](gaussian(sizeOf(shape), seed, sigma, mean)) }
}

function anyBytes(dtype: Dtype, shape: readonly number[]): Tensor {
  const next = random(7)
  const bytes = Uint8Array.from({ length: (sizeOf(shape) * DTYPE_BITS[dtype]) / 8 }, () => 256 * next())
  return { dtype, shape, bytes }
}

/** Codes of a symmetric quantizer with one step for each row. */
function quantized(dtype: Store, rows: number, columns: number): Tensor {
  const values = gaussian(rows * columns, 3, 0.02)
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * columns, (row + 1) * columns)
    const step = part.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127
    part.forEach((x, i) => (part[i] = Math.round(x / step) * step))
  }
  return { dtype, shape: [rows, columns], bytes: store[dtype](values) }
}

function sprinkled(tensor: Tensor, every: number, patterns: readonly number[]): Tensor {
  const bytes = tensor.bytes.slice()
  const elements = tensor.dtype === 'F32' ? new Uint32Array(bytes.buffer) : new Uint16Array(bytes.buffer)
  for (let i = 0; i < elements.length; i += every) elements[i] = patterns[(i / every) % patterns.length]!
  return { ...tensor, bytes }
}

const SPECIAL_32 = [0x7fc00000, 0x7f800000, 0xff800000, 0x7f800001, 0x80000000, 0]
const SPECIAL_16: Record<'F16' | 'BF16', number[]> = {
  F16: [0x7e00, 0x7c00, 0xfc00, 0x8000, 0, 1, 0x8001, 0x3ff],
  BF16: [0x7fc0, 0x7f80, 0xff80, 0x8000, 0, 1, 0x8001, 0x7f],
}

const BATCH = 2 ** 20

const CASES: Record<string, Tensor> = {
  'a scalar': normal('F32', []),
  'one element': normal('BF16', [1]),
  'no element': { dtype: 'F32', shape: [0, 5], bytes: new Uint8Array() },
  'a vector': normal('F32', [1001]),
  'a convolution': normal('F32', [33, 5, 3, 3]),
  'an odd F32 matrix': normal('F32', [301, 257]),
  'an odd BF16 matrix': normal('BF16', [301, 257]),
  'an odd F16 matrix': normal('F16', [299, 263]),
  'a tall matrix': normal('F32', [70_001, 3]),
  'a wide matrix': normal('BF16', [3, 70_001]),
  'a vector longer than a batch': normal('BF16', [BATCH + 1003]),
  'a matrix longer than a batch': normal('F32', [1201, 1003]),
  'bytes longer than a batch': anyBytes('I8', [1201, 1003]),
  'F32 around 1': normal('F32', [300, 300], 0.01, 1),
  'F32 far from 0': normal('F32', [300, 300], 0.001, 100),
  'F32 of 1e-12': normal('F32', [300, 300], 1e-12),
  'F32 of 1e12': normal('F32', [300, 300], 1e12),
  'F32 of 1e-39': normal('F32', [300, 300], 1e-39),
  'F32 of 1e37': normal('F32', [300, 300], 1e37),
  'F32 of many sizes': {
    dtype: 'F32',
    shape: [200, 200],
    bytes: float32(gaussian(40_000, 5).map((x, i) => x * 10 ** ((i % 60) - 30))),
  },
  'F32 with heavy tails': { dtype: 'F32', shape: [400, 400], bytes: float32(gaussian(160_000, 6).map((x) => x ** 5)) },
  'F32 that begins with zeros': {
    dtype: 'F32',
    shape: [500, 500],
    bytes: float32(gaussian(250_000, 8, 1e-3, 1).map((x, i) => (i < 4096 ? 0 : x))),
  },
  'F32 with NaN and infinities': sprinkled(normal('F32', [300, 300]), 7, SPECIAL_32),
  'F16 with NaN, infinities and subnormals': sprinkled(normal('F16', [300, 300]), 7, SPECIAL_16.F16),
  'BF16 with NaN, infinities and subnormals': sprinkled(normal('BF16', [300, 300]), 7, SPECIAL_16.BF16),
  'nothing but NaN': { dtype: 'F32', shape: [20, 20], bytes: float32(new Array<number>(400).fill(NaN)) },
  'F32 zeros': { dtype: 'F32', shape: [300, 300], bytes: new Uint8Array(360_000) },
  'BF16 zeros': { dtype: 'BF16', shape: [300, 300], bytes: new Uint8Array(180_000) },
  'an F32 constant': { dtype: 'F32', shape: [300, 300], bytes: float32(new Array<number>(90_000).fill(0.1)) },
  'a BF16 constant': { dtype: 'BF16', shape: [300, 300], bytes: bfloat16(new Array<number>(90_000).fill(0.1)) },
  'F32 quantized by rows': quantized('F32', 300, 257),
  'BF16 quantized by rows': quantized('BF16', 300, 257),
  'F16 quantized by rows': quantized('F16', 41, 30_001),
  ...Object.fromEntries(
    (['F8_E5M2', 'F8_E4M3', 'F8_E5M2FNUZ', 'F8_E4M3FNUZ', 'F8_E8M0', 'U8', 'I8', 'U16', 'I16'] as const).flatMap(
      (dtype): [string, Tensor][] => [
        [`any ${dtype}`, anyBytes(dtype, [301, 257])],
        [`a little ${dtype}`, anyBytes(dtype, [7, 9])],
      ],
    ),
  ),
  BOOL: { dtype: 'BOOL', shape: [33, 31], bytes: anyBytes('BOOL', [33, 31]).bytes.map((byte) => byte & 1) },
}

const EXACT = ['count', 'nan', 'infinite', 'zeros', 'min', 'max', 'smallestNonZero', 'spacingSquares'] as const

/** Equal as numbers: 0 and −0 are. */
function expectEqual(found: number, wanted: number, name: string): void {
  if (Number.isNaN(wanted)) expect(found, name).toBeNaN()
  else expect(found === wanted, `${name}: ${found} is not ${wanted}`).toBe(true)
}

function expectNear(found: number, wanted: number, tolerance: number, name: string): void {
  if (Number.isNaN(wanted)) expect(found, name).toBeNaN()
  else expect(Math.abs(found - wanted), `${name}: ${found} for ${wanted}`).toBeLessThanOrEqual(tolerance)
}

function relativeDistance(found: Float32Array, wanted: Float32Array): number {
  expect(found.length).toBe(wanted.length)
  // Of the largest, so that squares of very large and very small numbers stay finite.
  const unit = wanted.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0) || 1
  let [difference, all] = [0, 0]
  wanted.forEach((x, i) => {
    // Sums that F32 cannot hold are infinite on both.
    if (!Number.isFinite(x)) return expectEqual(found[i]!, x, `sketch ${i}`)
    difference += ((found[i]! - x) / unit) ** 2
    all += (x / unit) ** 2
  })
  return difference === 0 ? 0 : Math.sqrt(difference / all)
}

function expectMoments(found: Moments, wanted: Moments): void {
  for (const name of EXACT) expectEqual(found[name], wanted[name], name)
  const sigma = Math.sqrt(wanted.variance)
  expectNear(found.mean, wanted.mean, 1e-9 * sigma, 'mean')
  for (const name of ['variance', 'l1', 'sumSquares'] as const) {
    expectNear(found[name], wanted[name], 1e-9 * Math.abs(wanted[name]), name)
  }
  const { skewness, excessKurtosis } = wanted
  expectNear(found.skewness, skewness, 1e-5, 'skewness')
  expectNear(found.excessKurtosis, excessKurtosis, 1e-5, 'kurtosis')
}

/** What the device found is what the processor finds: counts and samples exactly, sums nearly. */
export function expectSameNumbers(found: Numbers, wanted: Numbers): void {
  expectMoments(found.moments!, wanted.moments!)
  expect(found.exponents).toEqual(wanted.exponents)
  expect(relativeDistance(found.sketch!, wanted.sketch!)).toBeLessThanOrEqual(1e-6)
  expect(found.sample).toEqual(wanted.sample)
  expect(found.grid).toEqual(wanted.grid)
}

/** Compares an engine with the kernels of the processor, and with float64 by the definition. */
export function describeParity(name: string, open: () => Promise<ComputeEngine>): void {
  describe(`${name}, beside the processor`, () => {
    let engine: ComputeEngine
    beforeAll(async () => {
      engine = await open()
    })
    afterAll(() => engine.close())
    const [, processor] = measurers()[0]!
    const onProcessor = ({ dtype, shape, bytes }: Tensor): Numbers => {
      const { hash: _, ...numbers } = measure(processor, dtype, shape, bytes)
      return numbers
    }
    const onDevice = (tensors: readonly Tensor[]): Promise<Numbers>[] =>
      engine.measure(tensors.map(({ dtype, shape, bytes }) => ({ dtype, shape, source: sourceOf(bytes) })))

    it.each(Object.entries(CASES))('measures %s', async (_name, tensor) => {
      const [found] = await Promise.all(onDevice([tensor]))
      expectSameNumbers(found!, onProcessor(tensor))
    })

    it('measures many at once, each for itself', async () => {
      const tensors = Array.from({ length: 700 }, (_, i) =>
        normal((['F32', 'BF16', 'F16'] as const)[i % 3]!, [1 + (i % 13), 1 + (i % 37)], 0.02, 0, i),
      )
      const found = await Promise.all(onDevice(tensors))
      tensors.forEach((tensor, i) => expectSameNumbers(found[i]!, onProcessor(tensor)))
    })

    it('finds the kurtosis of float64', async () => {
      const tensors = [
        normal('F32', [300, 301], 0.02),
        normal('F32', [300, 301], 1e-12, 1e-12),
        normal('F32', [300, 301], 1e12, 0),
        normal('F32', [300, 301], 0.01, 1),
      ]
      const found = await Promise.all(onDevice(tensors))
      found.forEach(({ moments }, i) => {
        const { excessKurtosis } = referenceMoments(new Float32Array(tensors[i]!.bytes.slice().buffer))
        expectNear(moments!.excessKurtosis, excessKurtosis, 1e-5, 'kurtosis')
      })
    })

    it('goes on after a source that fails', async () => {
      const tensor = normal('F32', [40, 50])
      const failing: ByteSource = {
        read: () => {
          throw new Error('the drive is gone')
        },
      }
      const [first, second] = await Promise.allSettled(
        engine.measure([
          { dtype: 'F32', shape: [40, 50], source: failing },
          { dtype: 'F32', shape: [40, 50], source: sourceOf(tensor.bytes) },
        ]),
      )
      expect(first).toMatchObject({ status: 'rejected', reason: { message: 'the drive is gone' } })
      expect(second!.status).toBe('fulfilled')
    })

    it.each(['F64', 'I64', 'U64', 'I32', 'U32', 'F4', 'C64'] as const)('leaves %s to the processor', (dtype) => {
      expect(engine.supports(dtype)).toBe(false)
    })
  })
}
