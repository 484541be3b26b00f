import { describe, expect, it } from 'vitest'
import { FileProblem } from '../../../src-main/contract/problems.ts'
import { createRangeMeasuring } from '../../../src-main/engine/compute/measure-ranges.ts'
import { ComputeFailure, type ComputeEngine, type FailureReason } from '../../../src-main/engine/compute/open.ts'
import { referenceKernels } from '../../../src-main/fingerprint/kernels/reference.ts'
import { createMeasurer } from '../../../src-main/fingerprint/measure.ts'
import type { Measurement, TensorRange } from '../../../src-main/fingerprint/types.ts'
import { DTYPE_BITS, type Dtype } from '../../../src-main/formats/dtype.ts'
import { sha256 } from '../../support/kernels.ts'
import { randomValues } from '../models.ts'
import { fakeEngine } from './fake-engine.ts'

const bytes = new Uint8Array(randomValues(65_536, 3).buffer)

/** Ranges that lie one behind the other. */
function rangesOf(...tensors: readonly (readonly [Dtype, ...number[]])[]): TensorRange[] {
  let offset = 0
  return tensors.map(([dtype, ...shape], at) => {
    const length = (shape.reduce((product, size) => product * size, 1) * DTYPE_BITS[dtype]) / 8
    const range: TensorRange = { name: `t${at}`, block: -1, dtype, shape, file: 'file', offset, length }
    offset += length
    return range
  })
}

const RANGES = rangesOf(['F32', 64, 100], ['I64', 40], ['BF16', 30, 64], ['F32', 0], ['F32', 50])

/** Reads from memory; counts, and fails where the test wants. */
function reader(fail: (position: number) => void = () => {}) {
  let count = 0
  return {
    count: () => count,
    read: (range: TensorRange, target: Uint8Array, offset: number) => {
      const from = range.offset + offset
      fail(from + target.length)
      target.set(bytes.subarray(from, from + target.length))
      count += target.length
    },
  }
}

function measuringBy(engine: Promise<ComputeEngine> | null) {
  return createRangeMeasuring(createMeasurer(referenceKernels(), sha256), sha256, engine)
}

const byProcessor = (ranges = RANGES): Promise<Measurement[]> => measuringBy(null).measure(ranges, reader().read)
const total = RANGES.reduce((sum, { length }) => sum + length, 0)

it('measures by the device what it supports, the rest by the processor, each byte read once', async () => {
  const engine = fakeEngine()
  const { read, count } = reader()
  const measuring = measuringBy(Promise.resolve(engine))
  expect(await measuring.measure(RANGES, read)).toEqual(await byProcessor())
  expect(engine.measured()).toBe(3)
  expect(count()).toBe(total)
  expect(measuring.failure()).toBeNull()
})

describe('a device that fails', () => {
  it.each<FailureReason>(['none', 'software', 'limits', 'lost', 'out-of-memory', 'refused'])(
    'at one tensor (%s): that tensor is read again, and the processor goes on',
    async (reason) => {
      const engine = fakeEngine((tensor) => {
        if (tensor === 1) throw new ComputeFailure(reason, 'It went dark.')
      })
      const { read, count } = reader()
      const measuring = measuringBy(Promise.resolve(engine))
      expect(await measuring.measure(RANGES, read)).toEqual(await byProcessor())
      expect(measuring.failure()).toEqual({ reason, message: 'It went dark.' })
      expect(engine.closed()).toBe(true)
      expect(count()).toBe(total)

      const before = engine.measured()
      expect(await measuring.measure(RANGES, read)).toEqual(await byProcessor())
      expect(engine.measured()).toBe(before)
    },
  )

  it('in mid-tensor: what it had read is read again and counted', async () => {
    const engine = fakeEngine(async (_, { source }) => {
      await source.read(new Uint8Array(1024), 0)
      throw new ComputeFailure('lost', 'It went dark.')
    })
    const { read, count } = reader()
    const ranges = rangesOf(['F32', 64, 100])
    expect(await measuringBy(Promise.resolve(engine)).measure(ranges, read)).toEqual(await byProcessor(ranges))
    expect(count()).toBe(1024 + 25_600)
  })

  it('to open: nothing is lost', async () => {
    const measuring = measuringBy(Promise.reject(new ComputeFailure('none', 'There is none.')))
    expect(await measuring.measure(RANGES, reader().read)).toEqual(await byProcessor())
    expect(measuring.failure()).toEqual({ reason: 'none', message: 'There is none.' })
  })

  it('with an error that nobody expected', async () => {
    const broken = { ...fakeEngine(), measure: () => { throw new TypeError('x is undefined') } } // prettier-ignore
    const measuring = measuringBy(Promise.resolve(broken))
    expect(await measuring.measure(RANGES, reader().read)).toEqual(await byProcessor())
    expect(measuring.failure()).toEqual({ reason: 'refused', message: 'x is undefined' })
  })

  it.each([
    ['leaves out bytes', () => Promise.resolve()],
    ['reads bytes twice', async (read: (at: number) => unknown) => void [await read(0), await read(0)]],
    ['reads out of order', async (read: (at: number) => unknown) => void [await read(512)]],
  ])('because it %s: hash and numbers would not belong together', async (_, misread) => {
    const engine: ComputeEngine = {
      ...fakeEngine(),
      measure: (requests) =>
        requests.map(async ({ source }) => {
          await misread((at) => source.read(new Uint8Array(512), at))
          return { moments: null, exponents: null, sketch: null, sample: null, grid: null }
        }),
    }
    const measuring = measuringBy(Promise.resolve(engine))
    expect(await measuring.measure(RANGES, reader().read)).toEqual(await byProcessor())
    expect(measuring.failure()).toMatchObject({ reason: 'refused' })
  })
})

describe('a file that cannot be read', () => {
  /** Every place where it may end. */
  const ends = [0, 1, 25_599, 25_600, 25_700, 26_000, 29_760, 29_800]

  it.each(ends)('at byte %i is the same problem as with the processor, and no failure of the device', async (end) => {
    const cut = (to: number): void => {
      if (to > end) throw new FileProblem('FILE_TRUNCATED', `the file ends after ${end} bytes`, 'file', end)
    }
    const expected = await measuringBy(null)
      .measure(RANGES, reader(cut).read)
      .catch((error: unknown) => error)
    const measuring = measuringBy(Promise.resolve(fakeEngine()))
    const problem = await measuring.measure(RANGES, reader(cut).read).catch((error: unknown) => error)
    expect(problem).toBeInstanceOf(FileProblem)
    expect(problem).toEqual(expected)
    expect(measuring.failure()).toBeNull()
  })

  it('is not read any further', async () => {
    const asked: number[] = []
    const broken = reader((to) => {
      asked.push(to)
      throw new FileProblem('FILE_DEVICE_GONE', 'the drive is gone', 'file', 0)
    })
    const ranges = rangesOf(['F32', 100], ['F32', 100], ['F32', 100])
    await expect(measuringBy(Promise.resolve(fakeEngine())).measure(ranges, broken.read)).rejects.toThrow('gone')
    expect(asked).toHaveLength(1)
  })
})
