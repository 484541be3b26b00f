import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { agree } from '../../../../src-main/engine/compute/choice/agreement.ts'
import { openMeasuring } from '../../../../src-main/engine/compute/choice/choose.ts'
import { openDeviceProcess } from '../../../../src-main/engine/compute/dawn/device-process.ts'
import { ComputeFailure } from '../../../../src-main/engine/compute/open.ts'
import { openPool, type MeasurePool } from '../../../../src-main/engine/pool.ts'
import type { TensorFingerprint } from '../../../../src-main/fingerprint/types.ts'
import { encodeSafetensors } from '../../../support/write-safetensors.ts'
import { hasAdapter } from '../../../compute/dawn.ts'
import { bfloat16, float64 } from '../../../fingerprint/support.ts'
import { randomTensor, randomValues } from '../../models.ts'
import { openPlace } from '../../place.ts'

const place = openPlace()
/** A device of software is slow to open as well as to compute. */
const PATIENCE = 240_000

/** Two models of tensors that the device measures, that it leaves to the processor, and that hold nothing. */
function writeModels(name: string): string {
  const folder = join(place.folder, name)
  const values = randomValues(96 * 130, 5)
  for (const model of ['a', 'b']) {
    const tensors = [
      randomTensor('single.weight', 70, 100, 1),
      { name: 'half.weight', dtype: 'BF16', shape: [96, 130], data: bfloat16(values) } as const,
      { name: 'double.weight', dtype: 'F64', shape: [8, 9], data: float64(values.subarray(0, 72)) } as const,
      { name: 'empty.weight', dtype: 'F32', shape: [0, 4], data: new Uint8Array() } as const,
      randomTensor('bias', 1, 33, 2),
    ]
    fs.mkdirSync(join(folder, model), { recursive: true })
    fs.writeFileSync(join(folder, model, 'model.safetensors'), encodeSafetensors(tensors))
  }
  return folder
}

/** What a scan by these threads leaves in the library. */
async function scan(folder: string, pool: () => MeasurePool | Promise<MeasurePool>) {
  place.library.clear()
  const result = await place.scan(folder, pool)
  const tensors = result.models.map(
    ({ location }): readonly TensorFingerprint[] => place.library.load(location)!.tensors,
  )
  return { ...result, tensors: tensors.flat() }
}

const byCard = () =>
  openMeasuring({
    preference: 'gpu',
    openDevice: openDeviceProcess,
    workers: 1,
    bytesToRead: 0,
    settings: place.library.settings,
  })

describe.runIf(hasAdapter && fs.existsSync('/proc/self/status'))('a device', () => {
  it('leaves the fingerprints that the processor leaves, and reads each byte once', { timeout: PATIENCE }, async () => {
    const folder = writeModels('equal')
    const expected = await scan(folder, () => openPool(1))
    const { engine, problems, stats, tensors } = await scan(folder, byCard)
    expect(engine).toMatchObject({ engine: 'gpu', fellBack: null })
    expect(problems).toEqual([])
    expect(tensors.map(({ name }) => name)).toEqual(expected.tensors.map(({ name }) => name))
    expect(agree(expected.tensors, tensors)).toBe(true)
    expect(stats.bytesRead).toBe(expected.stats.bytesRead)
  })

  it('whose driver ends its process loses nothing', { timeout: PATIENCE }, async () => {
    const folder = writeModels('killed')
    const expected = await scan(folder, () => openPool(1))
    const { engine, problems, tensors } = await scan(folder, async () => {
      const pool = await byCard()
      return {
        ...pool,
        measure: (jobs) => {
          const measured = pool.measure(jobs)
          for (const pid of deviceProcesses()) process.kill(pid, 'SIGKILL')
          return measured
        },
      }
    })
    expect(problems).toEqual([])
    expect(tensors).toEqual(expected.tensors)
    expect(engine?.fellBack).toBe(
      'The graphics card was lost after 0 models; the processor went on. (The process that used it ended (SIGKILL).)',
    )
    expect(deviceProcesses()).toEqual([])
  })

  it('is given up while it is being opened', async () => {
    const abort = new AbortController()
    const opening = openDeviceProcess(1, true, abort.signal)
    abort.abort()
    await expect(opening).rejects.toThrow(ComputeFailure)
    await expect.poll(deviceProcesses).toEqual([])
  })

  it('leaves no process behind, whatever it was doing', { timeout: PATIENCE }, async () => {
    const { pool } = await openDeviceProcess(1, true)
    const measuring = pool.measure([
      { ranges: [], files: [] },
      { ranges: [], files: [] },
    ])
    const outcome = measuring.catch((error: unknown) => error)
    await pool.close()
    expect(await outcome).toBeInstanceOf(ComputeFailure)
    expect(pool.failure(), 'it was closed, and has not failed').toBeNull()
    await expect(pool.measure([])).rejects.toThrow(ComputeFailure)
    expect(deviceProcesses()).toEqual([])
  })
})

/** Processes of devices that this one has started; Linux only. */
function deviceProcesses(): number[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(fs.readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
      const command = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8')
      return Number(parent) === process.pid && command.includes('measure-process') ? [Number(name)] : []
    } catch {
      return []
    }
  })
}
