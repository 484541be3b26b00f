import { EngineError } from '../../../contract/errors.ts'
import type { EngineReport } from '../../../contract/scan.ts'
import type { EnginePreference } from '../../../contract/settings.ts'
import type { SettingStore } from '../../../library/types.ts'
import { BY_PROCESSOR, openPool, type MeasurePool } from '../../pool.ts'
import type { Device, OpenDevice } from '../device.ts'
import { ComputeFailure } from '../open.ts'
import { recallTrial, rememberTrial } from './remembered.ts'
import { isFaster, runTrial, type Speeds } from './trial.ts'
import { withProcessor } from './with-processor.ts'

/** Of less, opening a device costs more than it saves, in bytes. */
const WORTH_OPENING = 256e6

export interface EngineRequest {
  readonly preference: EnginePreference
  /** How a device is reached from here; null where it cannot be. */
  readonly openDevice: OpenDevice | null
  /** Threads. */
  readonly workers: number
  readonly bytesToRead: number
  /** Keeps what was measured of this machine. */
  readonly settings: SettingStore
  /** Gives up opening a device. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens the threads that measure: by a device where that was asked for, or where it is the faster of the two.
 * @param tryOut has the device and the processor measure the same
 * @throws EngineError `device-unavailable` where a device was asked for, and there is none to be used
 */
export async function openMeasuring(request: EngineRequest, tryOut = runTrial): Promise<MeasurePool> {
  const { device, report } = await choose(request, tryOut)
  if (device) return withProcessor(device.pool, report)
  if (request.preference === 'gpu') {
    const message = `The graphics card cannot be used: ${report.reason}. The engines "auto" and "cpu" do without.`
    throw new EngineError('device-unavailable', message)
  }
  return { ...openPool(request.workers), report: () => report }
}

interface Choice {
  /** Null for the processor. */
  readonly device: Device | null
  readonly report: EngineReport
}

async function choose(request: EngineRequest, tryOut: typeof runTrial): Promise<Choice> {
  const { preference, openDevice, workers, bytesToRead, signal } = request
  if (preference === 'cpu') return processor(BY_PROCESSOR.reason)
  if (!openDevice) return processor('graphics cards cannot be used here')
  if (preference === 'auto' && bytesToRead < WORTH_OPENING) return processor('there was little to read')
  const device = await failing(openDevice(workers, preference === 'gpu', signal))
  if (device instanceof ComputeFailure) return processor(clause(device.message))
  let choice: Choice | null = null
  try {
    choice = await tryDevice(device, request, tryOut)
    return choice
  } finally {
    if (!choice?.device) await device.pool.close()
  }
}

async function tryDevice(device: Device, request: EngineRequest, tryOut: typeof runTrial): Promise<Choice> {
  const { preference, workers, settings } = request
  const adapter = device.adapter.description
  const known = recallTrial(settings, device.adapter, workers)
  const trial = known ?? (await failing(tryOut(device)))
  if (trial instanceof ComputeFailure) return processor(`${adapter} failed: ${clause(trial.message)}`, { adapter })
  if (!known) rememberTrial(settings, device.adapter, workers, trial)
  const { agrees, speeds } = trial
  if (!agrees) return processor(`${adapter} computes other numbers`, { adapter, ...speeds })
  const is = speeds ? `has ${timesOf(speeds)}` : 'computes on the processor too'
  if (preference === 'auto' && !isFaster(trial)) return processor(`${adapter} ${is}`, { adapter, ...speeds })
  return { device, report: { ...BY_PROCESSOR, engine: 'gpu', adapter, reason: `${adapter} ${is}`, ...speeds } }
}

function processor(reason: string, known: Partial<EngineReport> = {}): Choice {
  return { device: null, report: { ...BY_PROCESSOR, reason, ...known } }
}

/** The failure in place of the result. @throws what is no failure of a device */
async function failing<T>(work: Promise<T>): Promise<T | ComputeFailure> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ComputeFailure) return error
    throw error
  }
}

function timesOf({ gpuSpeed, cpuSpeed }: Speeds): string {
  return `${Number((gpuSpeed / cpuSpeed).toPrecision(2))} × the processor's speed, measured on this machine`
}

/** A sentence as a clause: "no adapter was found". */
function clause(sentence: string): string {
  const words = sentence.replace(/\.$/, '')
  return /^(A|An|Its|It|No|The|There|This)\b/.test(words) ? words[0]!.toLowerCase() + words.slice(1) : words
}
