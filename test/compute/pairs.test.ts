import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drive } from '../../src-main/engine/drive.ts'
import type { PairOperation } from '../../src-main/fingerprint/pairs.ts'
import { squaredDistances } from '../../src-main/heritage/pairwise.ts'
import { openPairEngine, type DevicePairs } from '../../src-renderer/compute/pairs.ts'
import { gaussian } from '../fingerprint/support.ts'
import { gpu, hasAdapter, shaders } from './dawn.ts'

type Rows = readonly Float32Array[]

const LENGTH = 4096
const normal = (count: number, { length = LENGTH, scale = 1, seed = 1 } = {}): Float32Array[] =>
  Array.from({ length: count }, (_, i) => new Float32Array(gaussian(length, 1000 * seed + i, scale)))

/** Copies that differ by one ten-thousandth, in every element. */
function nearTwins(count: number, scale = 1): Float32Array[] {
  const [first] = normal(1, { scale })
  return normal(count, { scale, seed: 2 }).map((noise) => noise.map((x, k) => first![k]! + 1e-4 * x))
}

/** In float64, and beside it what its error is measured by. */
function reference(operation: PairOperation, a: Float32Array, b: Float32Array): { value: number; unit: number } {
  let [product, distance, lengthA, lengthB] = [0, 0, 0, 0]
  for (let k = 0; k < a.length; k++) {
    product += a[k]! * b[k]!
    distance += (a[k]! - b[k]!) ** 2
    lengthA += a[k]! ** 2
    lengthB += b[k]! ** 2
  }
  if (operation === 'squared distance') return { value: distance, unit: distance }
  return { value: product, unit: Math.sqrt(lengthA * lengthB) }
}

describe.skipIf(!hasAdapter)('openPairEngine', () => {
  let device: GPUDevice
  let engine: DevicePairs
  beforeAll(async () => {
    device = await (await gpu.requestAdapter())!.requestDevice()
    engine = await openPairEngine(device, shaders)
  })
  afterAll(() => device.destroy())

  /** The largest error of all pairs. */
  async function worst(operation: PairOperation, rows: Rows, others: Rows, measuring = engine): Promise<number> {
    const found = await measuring.measure({ operation, rows, others })
    expect(found).toHaveLength(rows.length * others.length)
    const errors = rows.flatMap((row, i) =>
      others.flatMap((other, j) => {
        if (rows === others && j <= i) return []
        const { value, unit } = reference(operation, row, other)
        return [Math.abs(found[i * others.length + j]! - value) / unit]
      }),
    )
    // A NaN stays one.
    return Math.max(0, ...errors)
  }

  describe.each(['inner product', 'squared distance'] as const)('%s', (operation) => {
    it.each([1, 2, 63, 65, 130])('of %i rows with themselves is that of float64', async (count) => {
      const rows = normal(count)
      expect(await worst(operation, rows, rows)).toBeLessThan(1e-6)
    })

    it.each([
      [1, 130],
      [65, 2],
      [63, 64],
    ])('of %i rows with %i others is that of float64', async (count, others) => {
      expect(await worst(operation, normal(count), normal(others, { seed: 3 }))).toBeLessThan(1e-6)
    })

    it.each([1e-30, 1e-12, 1e12, 1e30])('of near twins of size %f is that of float64', async (scale) => {
      const rows = nearTwins(5, scale)
      expect(await worst(operation, rows, rows)).toBeLessThan(1e-6)
    })

    it.each([1, 15, 17, 100, 5000])('of vectors of %i numbers is that of float64', async (length) => {
      const rows = normal(5, { length })
      expect(await worst(operation, rows, rows)).toBeLessThan(1e-6)
    })

    it('is the same however little room the device has', async () => {
      const length = 100
      const narrow = await openPairEngine(device, shaders, { rows: 7 * 4 * 112, values: 4 * 5 * 6 })
      const rows = normal(23, { length })
      expect(await worst(operation, rows, rows, narrow)).toBeLessThan(1e-6)
      expect(await worst(operation, normal(11, { length, seed: 5 }), rows, narrow)).toBeLessThan(1e-6)
    })

    it('is left open with rows that are not finite, and with none else', async () => {
      const rows = normal(4)
      rows[1]![7] = NaN
      rows[2]![4095] = -Infinity
      const found = await engine.measure({ operation, rows, others: normal(1, { seed: 4 }) })
      expect([...found].map(Number.isNaN)).toEqual([false, true, true, false])
    })

    it('is left open where float32 cannot hold it beside the largest', async () => {
      const rows = [...normal(2, { scale: 1e-25 }), ...normal(1)]
      const found = await engine.measure({ operation, rows, others: rows })
      expect(found[1]).toBeNaN()
    })
  })

  it('answers requests that overlap each for itself', async () => {
    const rows = normal(9)
    await Promise.all(
      (['inner product', 'squared distance'] as const).map(async (operation) => {
        expect(await worst(operation, rows, rows)).toBeLessThan(1e-6)
      }),
    )
  })

  it('refuses vectors for which there is no room', async () => {
    const narrow = await openPairEngine(device, shaders, { rows: 4 * LENGTH, values: 4 })
    const rows = normal(2, { length: LENGTH + 1 })
    const request = { operation: 'inner product', rows, others: rows } as const
    await expect(narrow.measure(request)).rejects.toMatchObject({ name: 'ComputeFailure', reason: 'limits' })
  })

  it('says that a kernel does not compile', async () => {
    const broken = { pairs: 'fn main() {' }
    await expect(openPairEngine(device, broken)).rejects.toMatchObject({ name: 'ComputeFailure', reason: 'refused' })
  })

  it('says that there is not enough memory', async () => {
    let full = false
    const small = new Proxy(device, {
      get: (target, name) => {
        if (full && name === 'popErrorScope') return () => target.popErrorScope().then(() => ({ message: 'no room' }))
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const filled = await openPairEngine(small, shaders)
    full = true
    const rows = normal(2)
    const request = { operation: 'inner product', rows, others: rows } as const
    await expect(filled.measure(request)).rejects.toMatchObject({ name: 'ComputeFailure', reason: 'out-of-memory' })
  })

  it('leaves equal rows a distance of exactly 0, and equal distances from others', async () => {
    const rows = normal(140)
    rows[70] = rows[3]!.slice()
    const found = rows.map(() => new Float64Array(rows.length))
    const steps = squaredDistances(rows, rows, (i, j, distance) => (found[i]![j] = found[j]![i] = distance))
    await drive(steps, undefined, undefined, engine)
    expect(found[3]![70]).toBe(0)
    rows.forEach((_, other) => expect(found[70]![other]).toBe(found[3]![other]))
    expect(found[0]![1]).not.toBe(reference('squared distance', rows[0]!, rows[1]!).value)
  })

  // The last: afterwards the device is gone.
  it('says that the device was lost, in the middle of a request and afterwards', async () => {
    const rows = normal(65)
    const request = { operation: 'squared distance', rows, others: rows } as const
    const underWay = expect(engine.measure(request)).rejects.toMatchObject({ name: 'ComputeFailure', reason: 'lost' })
    setImmediate(() => device.destroy())
    await underWay
    await expect(engine.measure(request)).rejects.toMatchObject({ name: 'ComputeFailure', reason: 'lost' })
  })
})
