import type { ChildProcess } from 'node:child_process'
import { FileProblem } from '../../../contract/problems.ts'
import type { Measurement } from '../../../fingerprint/types.ts'
import type { MeasureJob } from '../../jobs.ts'
import { BY_PROCESSOR, type MeasurePool } from '../../pool.ts'
import type { OpenDevice } from '../device.ts'
import type { FromDevice, ToDevice } from './device-messages.ts'
import { ComputeFailure, describeFailure, type AdapterReport, type DeviceFailure, type OpenedDevice } from '../open.ts'
import { forkSilently } from './fork-silently.ts'
import { watch, type Watch } from './watch.ts'

/** In milliseconds; a driver that has to compile its first shader may take seconds. */
const LONGEST_OPENING = 60_000

/** Dawn and the threads that use it, in a process of their own: a driver may print, hang or crash. */
export const openDeviceProcess: OpenDevice = async (workers, allowSoftware, signal) => {
  const device = start()
  const giveUp = (): void => void device.close()
  signal?.addEventListener('abort', giveUp)
  try {
    const adapter = await device.open(workers, allowSoftware)
    return { adapter, pool: poolOf(device, workers) }
  } catch (error) {
    await device.close()
    throw error
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}

function start(): DeviceProcess {
  try {
    return new DeviceProcess()
  } catch (error) {
    throw new ComputeFailure('refused', `No process could be started for it: ${describeFailure(error).message}`)
  }
}

function poolOf(device: DeviceProcess, workers: number): MeasurePool {
  return {
    workers,
    bytesRead: () => device.bytesRead,
    measure: (jobs) => device.measure(jobs),
    hold: (held) => device.hold(held),
    failure: () => device.failure,
    report: () => BY_PROCESSOR,
    close: () => device.close(),
  }
}

/** This end of the process; measure-process.ts is the other. */
class DeviceProcess {
  bytesRead = 0
  /** The first thing that went wrong. */
  failure: DeviceFailure | null = null
  readonly #child: ChildProcess
  readonly #watch: Watch
  readonly #opening = Promise.withResolvers<AdapterReport>()
  readonly #ended = Promise.withResolvers<void>()
  readonly #measuring = new Map<number, PromiseWithResolvers<readonly Measurement[]>>()
  #held = false
  #nextId = 0
  /** Why nothing is measured any more. */
  #end: ComputeFailure | null = null

  constructor() {
    this.#child = forkSilently(processFile())
    this.#child.on('message', (message: FromDevice) => this.#heard(message))
    this.#child.on('error', (error) => {
      this.#failed(`Its process could not be used: ${error.message}`)
      // What was never started has no end.
      if (this.#child.pid === undefined) this.#ended.resolve()
    })
    this.#child.on('exit', (code, signal) => {
      this.#failed(`The process that used it ended (${signal ?? `status ${code}`}).`)
      this.#ended.resolve()
    })
    this.#watch = watch(
      () => this.#measuring.size > 0 && !this.#held,
      () => this.#silent(),
    )
  }

  /** @throws ComputeFailure */
  async open(workers: number, allowSoftware: boolean): Promise<AdapterReport> {
    const tooLong = setTimeout(() => this.#silent(), LONGEST_OPENING)
    this.#post({ type: 'open', workers, allowSoftware })
    try {
      return await this.#opening.promise
    } finally {
      clearTimeout(tooLong)
    }
  }

  /** @throws FileProblem; ComputeFailure once the process is gone */
  measure(jobs: readonly MeasureJob[]): Promise<readonly Measurement[]> {
    if (this.#end) return Promise.reject(this.#end)
    const id = this.#nextId++
    const waiting = Promise.withResolvers<readonly Measurement[]>()
    this.#measuring.set(id, waiting)
    this.#post({ type: 'measure', id, jobs })
    return waiting.promise
  }

  hold(held: boolean): void {
    this.#held = held
    this.#post({ type: 'hold', held })
  }

  close(): Promise<void> {
    this.#stop('It was closed.')
    return this.#ended.promise
  }

  #heard(message: FromDevice): void {
    this.#watch.heard()
    switch (message.type) {
      case 'device':
        return this.#opened(message.opened)
      case 'read':
        return void (this.bytesRead = message.bytes)
      case 'result':
        return this.#measured(message)
    }
  }

  #opened(outcome: OpenedDevice): void {
    if ('adapter' in outcome) return this.#opening.resolve(outcome.adapter)
    this.#opening.reject(new ComputeFailure(outcome.failure.reason, outcome.failure.message))
  }

  #measured({ id, result, failure }: Extract<FromDevice, { type: 'result' }>): void {
    this.failure ??= failure
    const waiting = this.#measuring.get(id)
    this.#measuring.delete(id)
    if ('measurements' in result) return waiting?.resolve(result.measurements)
    const { code, message, path, offset } = result.problem
    waiting?.reject(new FileProblem(code, message, path, offset))
  }

  #silent(): void {
    this.#failed('Its driver did not answer.')
  }

  #failed(message: string): void {
    // Once it was stopped, its end is no failure.
    if (this.#end) return
    this.failure ??= { reason: 'lost', message }
    this.#stop(message)
  }

  #stop(message: string): void {
    this.#end ??= new ComputeFailure('lost', message)
    this.#watch.stop()
    this.#opening.reject(this.#end)
    for (const waiting of this.#measuring.values()) waiting.reject(this.#end)
    this.#measuring.clear()
    this.#child.kill('SIGKILL')
  }

  #post(message: ToDevice): void {
    // A channel that has just closed is told by the end of the process.
    if (this.#child.connected) this.#child.send(message, () => {})
  }
}

/** Beside this file, as a source or as built. */
function processFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './measure-process.ts' : './measure-process.js', import.meta.url)
}
