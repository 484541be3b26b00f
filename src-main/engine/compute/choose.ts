import { EngineError } from '../../contract/errors.ts'
import type { EngineReport } from '../../contract/scan.ts'
import type { EnginePreference } from '../../contract/settings.ts'
import type { SettingStore } from '../../library/types.ts'
import { BY_PROCESSOR, openPool, type MeasurePool } from '../pool.ts'
import { openDevice, type Device } from './device.ts'
import { ComputeFailure, type AdapterReport, type ComputeSetup } from './open.ts'
import { recallTrial, rememberTrial } from './remembered.ts'
import { runTrial, type Trial } from './trial.ts'
import { withProcessor } from './with-processor.ts'

/** Of less, opening a device costs more than it saves, in bytes. */
const WORTH_OPENING = 256e6

export interface EngineRequest {
  readonly preference: EnginePreference
  /** How a device is reached from here; null where it cannot be. */
  readonly compute: ComputeSetup | null
  /** Threads. */
  readonly workers: number
  readonly bytesToRead: number
  /** Keeps what was measured of this machine. */
  readonly settings: SettingStore
}

/** What the choice does with a device. */
export interface DeviceTrials {
  /** @throws ComputeFailure */
  open(setup: ComputeSetup, workers: number): Promise<Device>
  /** @throws ComputeFailure */
  run(device: Device): Promise<Trial>
}

const ON_THIS_MACHINE: DeviceTrials = { open: openDevice, run: runTrial }

/**
 * Opens the threads that measure: by a device where that was asked for, or where it is the faster of the two.
 * @throws EngineError `device-unavailable` where a device was asked for, and there is none to be used
 */
export async function openMeasuring(request: EngineRequest, trials = ON_THIS_MACHINE): Promise<MeasurePool> {
  const { device, report } = await choose(request, trials)
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

async function choose(request: EngineRequest, trials: DeviceTrials): Promise<Choice> {
  const { preference, compute, workers, bytesToRead } = request
  if (preference === 'cpu') return processor(BY_PROCESSOR.reason)
  if (!compute) return processor('graphics cards cannot be used here')
  if (preference === 'auto' && bytesToRead < WORTH_OPENING) return processor('there was little to read')
  const device = await failing(trials.open(compute, workers))
  if (device instanceof ComputeFailure) return processor(clause(device.message))
  const choice = await tryDevice(device, request, trials)
  if (!choice.device) await device.pool.close()
  return choice
}

async function tryDevice(device: Device, request: EngineRequest, trials: DeviceTrials): Promise<Choice> {
  const { preference, workers, settings } = request
  const adapter = nameOf(device.adapter)
  if (device.adapter.software && preference === 'auto') {
    return processor(`${adapter} computes on the processor too, and slower`, { adapter })
  }
  const known = recallTrial(settings, device.adapter, workers)
  const trial = known ?? (await failing(trials.run(device)))
  if (trial instanceof ComputeFailure) return processor(`${adapter} failed: ${trial.message}`, { adapter })
  if (!known) rememberTrial(settings, device.adapter, workers, trial)
  const { agrees, ...speeds } = trial
  if (!agrees) return processor(`${adapter} computes other numbers`, { adapter, ...speeds })
  const times = `${Number((trial.gpuSpeed / trial.cpuSpeed).toPrecision(2))} × the processor's speed, measured on this machine`
  const slower = trial.gpuSpeed <= trial.cpuSpeed
  if (slower && preference === 'auto') return processor(`${adapter} has ${times}`, { adapter, ...speeds })
  return { device, report: { engine: 'gpu', adapter, reason: `${adapter}, ${times}`, ...speeds, fellBack: null } }
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

function nameOf({ description, vendor, architecture }: AdapterReport): string {
  return description || [vendor, architecture].filter(Boolean).join(' ') || 'a graphics card without a name'
}

/** A sentence as a clause: "no adapter was found". */
function clause(sentence: string): string {
  const words = sentence.replace(/\.$/, '')
  return /^(A|An|Its|It|No|The|There|This)\b/.test(words) ? words[0]!.toLowerCase() + words.slice(1) : words
}
