import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EnginePreference } from '../../../contract/settings.ts'
import { pairProducts, type PairEngine, type PairRequest } from '../../../fingerprint/pairs.ts'
import type { SettingStore } from '../../../library/types.ts'
import { forkSilently } from './fork-silently.ts'
import { nodeDevice } from '../node-device.ts'
import { ComputeFailure, type AdapterReport } from '../open.ts'
import type { FromPairProcess, ToPairProcess } from './pair-messages.ts'
import { recallTrial } from '../choice/remembered.ts'
import { isFaster } from '../choice/trial.ts'

/** Products for which the processor takes some four seconds: of less, opening a device costs more than it saves. */
const WORTH_OPENING = 2 ** 33

/** A driver that takes longer hangs, in milliseconds: the largest request is one of seconds for a slow device. */
const LONGEST_ANSWER = 120_000

export interface PairDevice extends PairEngine {
  /** Lets the device go, whatever it is doing. */
  close(): void
}

export interface PairDeviceRequest {
  readonly preference: EnginePreference
  /** Keeps how fast a device is on this machine, as scans have found out. */
  readonly settings: SettingStore
  /** Threads that scans measure with. */
  readonly workers: number
}

/**
 * A device that measures pairs for a recovery, opened when enough is asked of it. In `auto` only one that a scan has found to be
 * right and faster than the processor. Null where there is none for sure.
 */
export function pairDevice(request: PairDeviceRequest): PairDevice | null {
  return request.preference === 'cpu' || !nodeDevice() ? null : new LazyDevice(request)
}

class LazyDevice implements PairDevice {
  readonly #request: PairDeviceRequest
  #process: Promise<PairProcess> | null = null

  constructor(request: PairDeviceRequest) {
    this.#request = request
  }

  async measure(request: PairRequest): Promise<Float64Array | null> {
    if (!this.#process && this.#request.preference === 'auto' && pairProducts(request) < WORTH_OPENING) return null
    this.#process ??= openProcess(this.#request)
    return (await this.#process).measure(request)
  }

  close(): void {
    void this.#process?.then(
      (device) => device.close(),
      () => {},
    )
  }
}

async function openProcess({ preference, settings, workers }: PairDeviceRequest): Promise<PairProcess> {
  const device = new PairProcess()
  try {
    const adapter = await device.open(preference === 'gpu')
    const trial = recallTrial(settings, adapter, workers)
    if (preference === 'auto' && !(trial?.agrees && isFaster(trial))) {
      throw new ComputeFailure('refused', `${adapter.description} was not found to be faster than the processor.`)
    }
    return device
  } catch (error) {
    device.close()
    throw error
  }
}

/** This end of the process; pair-process.ts is the other. */
class PairProcess {
  readonly #child = forkSilently(processFile())

  constructor() {
    // Told to whoever asks next.
    this.#child.on('error', () => {})
  }

  async open(allowSoftware: boolean): Promise<AdapterReport> {
    const answer = await this.#ask({ allowSoftware })
    if ('adapter' in answer) return answer.adapter
    throw new ComputeFailure('refused', 'It answered what it was not asked.')
  }

  async measure(request: PairRequest): Promise<Float64Array | null> {
    const answer = await this.#ask({ request })
    const expected = request.rows.length * request.others.length
    if ('values' in answer && answer.values?.length === expected) return answer.values
    throw new ComputeFailure('refused', 'It answered what it was not asked.')
  }

  close(): void {
    this.#child.kill('SIGKILL')
  }

  /** @throws ComputeFailure for whatever went wrong */
  async #ask(message: ToPairProcess): Promise<FromPairProcess> {
    if (!this.#child.connected) throw new ComputeFailure('lost', 'The process that used it ended.')
    const waiting = new AbortController()
    const { signal } = waiting
    try {
      this.#child.send(message, () => {})
      const answer = await Promise.race([
        once(this.#child, 'message', { signal }).then(([answer]) => answer as FromPairProcess),
        once(this.#child, 'exit', { signal }).then(() => lost('The process that used it ended.')),
        sleep(LONGEST_ANSWER, undefined, { signal, ref: false }).then(() => lost('Its driver did not answer.')),
      ])
      if ('failure' in answer) throw new ComputeFailure(answer.failure.reason, answer.failure.message)
      return answer
    } finally {
      waiting.abort()
    }
  }
}

function lost(message: string): FromPairProcess {
  return { failure: { reason: 'lost', message } }
}

/** Beside this file, as a source or as built. */
function processFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './pair-process.ts' : './pair-process.js', import.meta.url)
}
