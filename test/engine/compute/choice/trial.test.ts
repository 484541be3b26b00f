import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ComputeFailure } from '../../../../src-main/engine/compute/open.ts'
import { runTrial } from '../../../../src-main/engine/compute/choice/trial.ts'
import { openPool, type MeasurePool } from '../../../../src-main/engine/pool.ts'
import type { Measurement } from '../../../../src-main/fingerprint/types.ts'

const ADAPTER = { vendor: 'test', architecture: 'test', description: 'Test card', software: false }

let pool: MeasurePool
beforeAll(() => void (pool = openPool(1)))
afterAll(() => pool.close())

/** A trial of a device that measures right, but for what is done to its numbers. */
function tryWith(change: (measurement: Measurement) => Partial<Measurement>, software = false) {
  const measure: MeasurePool['measure'] = async (jobs) =>
    (await pool.measure(jobs)).map((measurement) => ({ ...measurement, ...change(measurement) }))
  return runTrial({ adapter: { ...ADAPTER, software }, pool: { ...pool, measure } })
}

const scaled = (sketch: Float32Array | null, factor: number) => sketch?.map((x) => x * factor) ?? null

describe('a device', () => {
  it('that measures the same agrees, and has a speed as the processor has', async () => {
    const { agrees, speeds } = await tryWith(() => ({}))
    expect(agrees).toBe(true)
    expect(speeds?.cpuSpeed).toBeGreaterThan(0)
    expect(speeds?.gpuSpeed).toBeGreaterThan(0)
  })

  it.each<[string, (measurement: Measurement) => Partial<Measurement>]>([
    ['kurtosis', ({ moments }) => ({ moments: { ...moments!, excessKurtosis: moments!.excessKurtosis + 1e-6 } })],
    ['sketch', ({ sketch }) => ({ sketch: scaled(sketch, 1 + 5e-7) })],
  ])('of software whose %s is rounded otherwise agrees; its speed is of no interest', async (_, change) => {
    expect(await tryWith(change, true)).toEqual({ agrees: true, speeds: null })
  })

  it.each<[string, (measurement: Measurement) => Partial<Measurement>]>([
    ['hash', ({ hash }) => ({ hash: hash.map((byte) => byte ^ 1) })],
    ['count of zeros', ({ moments }) => ({ moments: { ...moments!, zeros: moments!.zeros + 1 } })],
    ['maximum', ({ moments }) => ({ moments: { ...moments!, max: moments!.max * 1.001 } })],
    ['kurtosis', ({ moments }) => ({ moments: { ...moments!, excessKurtosis: moments!.excessKurtosis + 1e-4 } })],
    ['kurtosis, which is none', ({ moments }) => ({ moments: { ...moments!, excessKurtosis: NaN } })],
    ['histogram', ({ exponents }) => ({ exponents: { ...exponents!, first: exponents!.first + 1 } })],
    ['sketch', ({ sketch }) => ({ sketch: scaled(sketch, 1 + 1e-5) })],
    ['sketch, which has no numbers', ({ sketch }) => ({ sketch: scaled(sketch, NaN) })],
    ['sample', ({ sample }) => ({ sample: sample!.slice(1) })],
    ['numbers, which are missing', () => ({ moments: null, exponents: null, sketch: null, sample: null, grid: null })],
  ])('with another %s does not', async (_, change) => {
    expect(await tryWith(change, true)).toEqual({ agrees: false, speeds: null })
  })

  it('that failed in one of its threads was not tried', async () => {
    const failing = { ...pool, failure: () => ({ reason: 'out-of-memory', message: 'Too little memory.' }) as const }
    await expect(runTrial({ adapter: ADAPTER, pool: failing })).rejects.toEqual(
      new ComputeFailure('out-of-memory', 'Too little memory.'),
    )
  })

  it('leaves no file behind', async () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'heirloom-test-'))
    await inTemporaryFolder(folder, () => tryWith(() => ({}), true))
    expect(fs.readdirSync(folder)).toEqual([])
    fs.rmdirSync(folder)
  })

  it('cannot be tried without a temporary folder, and says so', async () => {
    const trial = inTemporaryFolder('/nowhere/at/all', () => tryWith(() => ({})))
    await expect(trial).rejects.toMatchObject({ name: 'ComputeFailure', reason: 'refused' })
  })
})

/** With another place for temporary files; Windows has its own variable for it. */
async function inTemporaryFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = { TMPDIR: process.env['TMPDIR'], TEMP: process.env['TEMP'], TMP: process.env['TMP'] }
  Object.assign(process.env, { TMPDIR: folder, TEMP: folder, TMP: folder })
  try {
    return await work()
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
