import { afterAll, describe, expect, it } from 'vitest'
import { openMeasuring, type EngineRequest } from '../../../../src-main/engine/compute/choice/choose.ts'
import type { Device, OpenDevice } from '../../../../src-main/engine/compute/device.ts'
import { ComputeFailure } from '../../../../src-main/engine/compute/open.ts'
import type { Trial } from '../../../../src-main/engine/compute/choice/trial.ts'
import { BY_PROCESSOR, type MeasurePool } from '../../../../src-main/engine/pool.ts'
import type { SettingStore } from '../../../../src-main/library/types.ts'

const ADAPTER = { vendor: 'test', architecture: 'one', description: 'Test card', software: false }
const FASTER: Trial = { agrees: true, speeds: { gpuSpeed: 3.1e9, cpuSpeed: 1e9 } }
const SLOWER: Trial = { agrees: true, speeds: { gpuSpeed: 0.5e9, cpuSpeed: 1e9 } }
const WRONG: Trial = { ...FASTER, agrees: false }

const pools: MeasurePool[] = []
afterAll(() => Promise.all(pools.map((pool) => pool.close())))

function memoryStore(): SettingStore {
  const kept = new Map<string, string>()
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    remove: (key) => void kept.delete(key),
  }
}

/** A machine with a device that a trial says this of, or that fails in this way; counts what is done with it. */
function machine(trial: Trial | ComputeFailure, adapter = ADAPTER) {
  const done = { opened: 0, tried: 0, closed: 0, softwareAllowed: [] as boolean[] }
  const pool: MeasurePool = {
    workers: 1,
    bytesRead: () => 0,
    measure: () => Promise.resolve([]),
    hold: () => {},
    failure: () => null,
    report: () => BY_PROCESSOR,
    close: () => Promise.resolve(void done.closed++),
  }
  const openDevice: OpenDevice = (_, allowSoftware): Promise<Device> => {
    done.opened++
    done.softwareAllowed.push(allowSoftware)
    return Promise.resolve({ adapter, pool })
  }
  const tryOut = (): Promise<Trial> => {
    done.tried++
    return trial instanceof ComputeFailure ? Promise.reject(trial) : Promise.resolve(trial)
  }
  const settings = memoryStore()
  const open = async (values: Partial<EngineRequest> = {}) => {
    const request: EngineRequest = {
      preference: 'auto',
      openDevice,
      workers: 1,
      bytesToRead: 1e12,
      settings,
      ...values,
    }
    const opened = await openMeasuring(request, tryOut)
    pools.push(opened)
    return opened.report()
  }
  return { done, open, settings }
}

describe('auto', () => {
  it('takes the device where it is the faster one, and says by how much', async () => {
    const { open, done } = machine(FASTER)
    expect(await open()).toEqual({
      engine: 'gpu',
      adapter: 'Test card',
      reason: "Test card has 3.1 × the processor's speed, measured on this machine",
      ...FASTER.speeds,
      fellBack: null,
    })
    expect(done).toEqual({ opened: 1, tried: 1, closed: 0, softwareAllowed: [false] })
  })

  it.each<[string, Trial | ComputeFailure, string]>([
    ['is slower', SLOWER, "Test card has 0.5 × the processor's speed, measured on this machine"],
    ['computes other numbers', WRONG, 'Test card computes other numbers'],
    ['computes on the processor', { agrees: true, speeds: null }, 'Test card computes on the processor too'],
    ['fails when it is tried', new ComputeFailure('lost', 'It went dark.'), 'Test card failed: it went dark'],
  ])('leaves a device that %s, and closes it', async (_, trial, reason) => {
    const { open, done } = machine(trial)
    expect(await open()).toMatchObject({ engine: 'cpu', adapter: 'Test card', reason })
    expect(done).toMatchObject({ opened: 1, closed: 1 })
  })

  it.each<[string, OpenDevice | null, string]>([
    ['cannot be reached', null, 'graphics cards cannot be used here'],
    ['is not there', () => Promise.reject(new ComputeFailure('none', 'No card was found.')), 'no card was found'],
    [
      'is of software',
      () => Promise.reject(new ComputeFailure('software', 'X computes in software.')),
      'X computes in software',
    ],
  ])('says so where a device %s', async (_, openDevice, reason) => {
    const { open } = machine(FASTER)
    expect(await open({ openDevice })).toMatchObject({ engine: 'cpu', adapter: null, reason })
  })

  it('opens no device where there is little to read', async () => {
    const { open, done } = machine(FASTER)
    expect(await open({ bytesToRead: 255e6 })).toMatchObject({ engine: 'cpu', reason: 'there was little to read' })
    expect(done.opened).toBe(0)
  })
})

describe('what was measured', () => {
  it.each([FASTER, SLOWER, WRONG])('is remembered: %j', async (trial) => {
    const { open, done } = machine(trial)
    const first = await open()
    expect(await open()).toEqual(first)
    expect(done).toMatchObject({ opened: 2, tried: 1 })
  })

  it.each([
    ['threads', {}, { workers: 2 }],
    ['adapter', { description: 'Another card' }, {}],
    ['architecture', { architecture: 'two' }, {}],
  ])('is measured anew with another %s', async (_, adapter, values) => {
    const { settings, open } = machine(FASTER)
    await open()
    const other = machine(FASTER, { ...ADAPTER, ...adapter })
    await other.open({ settings, ...values })
    expect(other.done.tried).toBe(1)
  })

  it.each([
    '',
    'null',
    '{"agrees":true}',
    '{"agrees":1,"speeds":null}',
    '{"agrees":true,"speeds":{"gpuSpeed":-1,"cpuSpeed":1}}',
  ])('is measured anew where %j was kept', async (text) => {
    const { open, done } = machine(FASTER)
    const damaged = { ...memoryStore(), get: () => text }
    expect(await open({ settings: damaged })).toMatchObject({ engine: 'gpu' })
    expect(done.tried).toBe(1)
  })

  it('is not remembered of a device that failed', async () => {
    const { open, done } = machine(new ComputeFailure('out-of-memory', 'Too little memory.'))
    await open()
    await open()
    expect(done.tried).toBe(2)
  })
})

describe('gpu', () => {
  it.each([
    ['slower', SLOWER, 0],
    ['of software', { agrees: true, speeds: null }, 0],
  ])('takes a device that is %s, and asks for one at any size', async (_, trial, bytesToRead) => {
    const { open, done } = machine(trial)
    expect(await open({ preference: 'gpu', bytesToRead })).toMatchObject({ engine: 'gpu', adapter: 'Test card' })
    expect(done.softwareAllowed).toEqual([true])
  })

  it.each<[string, { trial?: Trial; openDevice?: OpenDevice | null }, RegExp]>([
    ['computes other numbers', { trial: WRONG }, /Test card computes other numbers\. .*"auto".*"cpu"/],
    ['cannot be reached', { openDevice: null }, /graphics cards cannot be used here/],
    [
      'is not there',
      { openDevice: () => Promise.reject(new ComputeFailure('none', 'No card was found.')) },
      /^The graphics card cannot be used: no card was found\./,
    ],
  ])('ends with an error where a device %s', async (_, { trial = FASTER, ...values }, message) => {
    const { open } = machine(trial)
    await expect(open({ preference: 'gpu', ...values })).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringMatching(message) as string,
    })
  })
})

it('cpu never touches a device', async () => {
  const { open, done } = machine(FASTER)
  expect(await open({ preference: 'cpu' })).toMatchObject({ engine: 'cpu', adapter: null, reason: 'it was chosen' })
  expect(done.opened).toBe(0)
})
