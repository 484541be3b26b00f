import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FileProblem } from '../../../../src-main/contract/problems.ts'
import { ComputeFailure, type DeviceFailure } from '../../../../src-main/engine/compute/open.ts'
import { withProcessor } from '../../../../src-main/engine/compute/choice/with-processor.ts'
import { BY_PROCESSOR, openPool, type MeasurePool } from '../../../../src-main/engine/pool.ts'
import { writeModel } from '../../models.ts'
import { openPlace } from '../../place.ts'

const place = openPlace()
const opened: MeasurePool[] = []
afterAll(() => Promise.all(opened.map((pool) => pool.close())))

const REPORT = { ...BY_PROCESSOR, engine: 'gpu', adapter: 'Test card', reason: 'Test card has 2 × the speed' } as const

/** Three models, and what the processor makes of them. */
const folder = join(place.folder, 'models')
for (const [seed, name] of ['a', 'b', 'c'].entries()) writeModel(folder, name, 64, seed)
const scanned = await place.scan(folder)
const expected = scanned.models.map(({ location }) => place.library.load(location)!.tensors)

/** A scan by a device that measures until the second model, where `fail` takes over. */
async function scanWith(fail: (note: (failure: DeviceFailure) => void, pool: MeasurePool) => Promise<void>) {
  const device = openPool(1)
  opened.push(device)
  let failure: DeviceFailure | null = null
  let models = 0
  const failing: MeasurePool = {
    ...device,
    failure: () => failure,
    measure: async (jobs) => {
      if (models++ === 1) await fail((note) => (failure = note), device)
      return device.measure(jobs)
    },
  }
  place.library.clear()
  const result = await place.scan(folder, () => withProcessor(failing, REPORT))
  return { ...result, tensors: scanned.models.map(({ location }) => place.library.load(location)?.tensors) }
}

describe('a device that fails while the second of three models is measured', () => {
  it('in some tensors: said once, and the device goes on with what is left to it', async () => {
    const result = await scanWith((note) => Promise.resolve(note({ reason: 'limits', message: 'It is too large.' })))
    expect(result.tensors).toEqual(expected)
    expect(result.engine).toEqual({
      ...REPORT,
      fellBack: 'The graphics card was too small for a tensor after 1 model; the processor went on. (It is too large.)',
    })
  })

  it('as a whole: the model is measured by the processor, and so is the next', async () => {
    const result = await scanWith((note) => {
      note({ reason: 'lost', message: 'Its process ended.' })
      return Promise.reject(new ComputeFailure('lost', 'Its process ended.'))
    })
    expect(result.tensors).toEqual(expected)
    expect(result.problems).toEqual([])
    expect(result.engine?.fellBack).toBe(
      'The graphics card was lost after 1 model; the processor went on. (Its process ended.)',
    )
  })

  it('by taking a thread with it: the processor shows that the file was not at fault', async () => {
    const result = await scanWith(() => Promise.reject(new FileProblem('READER_STOPPED', 'It stopped.', 'b')))
    expect(result.tensors).toEqual(expected)
    expect(result.engine?.fellBack).toContain('failed after 1 model')
  })

  it('is not blamed for a file that cannot be read', async () => {
    const problem = new FileProblem('FILE_DEVICE_GONE', 'the drive is gone', join(folder, 'b'))
    const result = await scanWith(() => Promise.reject(problem))
    expect(result.problems.map(({ code }) => code)).toEqual(['FILE_DEVICE_GONE'])
    expect(result.engine?.fellBack).toBeNull()
  })
})

it('counts what both have read', async () => {
  const result = await scanWith(async (note, pool) => {
    note({ reason: 'lost', message: 'It is gone.' })
    expect(pool.bytesRead()).toBeGreaterThan(0)
    throw new ComputeFailure('lost', 'It is gone.')
  })
  const { bytesRead, bytesToRead } = result.stats
  expect(bytesRead).toBe(bytesToRead)
})

it('measures nothing once it was closed', async () => {
  const gone = new ComputeFailure('lost', 'It was closed.')
  const pool = withProcessor({ ...openPool(1), measure: () => Promise.reject(gone) }, REPORT)
  opened.push(pool)
  await pool.close()
  await expect(pool.measure([])).rejects.toBe(gone)
  expect(pool.report().fellBack).toBeNull()
})
