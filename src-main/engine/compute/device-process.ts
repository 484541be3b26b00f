import { fork } from 'node:child_process'
import { FileProblem } from '../../contract/problems.ts'
import type { Measurement } from '../../fingerprint/types.ts'
import { BY_PROCESSOR, type MeasurePool } from '../pool.ts'
import type { Device } from './device.ts'
import type { FromDevice, ToDevice } from './device-messages.ts'
import { ComputeFailure, type ComputeSetup, type DeviceFailure } from './open.ts'

/** In milliseconds; a driver that has to compile its first shader may take seconds. */
const LONGEST_OPENING = 30_000

/**
 * Opens a device and the threads that use it in a process of their own: a driver may print, hang or crash.
 * @throws ComputeFailure where there is no device, or the process dies of it
 */
export async function openDeviceProcess(setup: ComputeSetup, workers: number): Promise<Device> {
  const child = fork(processFile(), [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const opened = Promise.withResolvers<Device['adapter']>()
  const ended = Promise.withResolvers<void>()
  const measuring = new Map<number, PromiseWithResolvers<readonly Measurement[]>>()
  let failure: DeviceFailure | null = null
  let death: ComputeFailure | null = null
  let bytesRead = 0
  let nextId = 0

  const post = (message: ToDevice): void => {
    // A channel that has just closed is told by the end of the process.
    if (child.connected) child.send(message, () => {})
  }
  const end = (reason: ComputeFailure): void => {
    death ??= reason
    opened.reject(death)
    for (const waiting of measuring.values()) waiting.reject(death)
    measuring.clear()
    child.kill('SIGKILL')
  }
  const die = (message: string): void => {
    if (!death) failure ??= { reason: 'lost', message }
    end(new ComputeFailure('lost', message))
  }
  const settle = ({ id, result, failure: reported }: Extract<FromDevice, { type: 'result' }>): void => {
    failure ??= reported
    const waiting = measuring.get(id)
    measuring.delete(id)
    if ('measurements' in result) return waiting?.resolve(result.measurements)
    const { code, message, path, offset } = result.problem
    waiting?.reject(new FileProblem(code, message, path, offset))
  }
  child.on('message', (message: FromDevice) => {
    switch (message.type) {
      case 'opened':
        return opened.resolve(message.adapter)
      case 'unavailable':
        return opened.reject(new ComputeFailure(message.failure.reason, message.failure.message))
      case 'read':
        return void (bytesRead = message.bytes)
      case 'result':
        return settle(message)
    }
  })
  child.on('error', (error) => die(`Its process could not be used: ${error.message}`))
  child.on('exit', (code, signal) => {
    die(`The process that used it ended (${signal ?? `status ${code}`}).`)
    ended.resolve()
  })
  post({ type: 'open', setup, workers })
  const tooLong = setTimeout(() => die('Its driver did not answer.'), LONGEST_OPENING)
  try {
    const adapter = await opened.promise
    return { adapter, pool: remotePool() }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    clearTimeout(tooLong)
  }

  function remotePool(): MeasurePool {
    return {
      workers,
      bytesRead: () => bytesRead,
      measure: (jobs) => {
        if (death) return Promise.reject(death)
        const id = nextId++
        const waiting = Promise.withResolvers<readonly Measurement[]>()
        measuring.set(id, waiting)
        post({ type: 'measure', id, jobs })
        return waiting.promise
      },
      hold: (held) => post({ type: 'hold', held }),
      failure: () => failure,
      report: () => BY_PROCESSOR,
      close: async () => {
        end(new ComputeFailure('lost', 'It was closed.'))
        await ended.promise
      },
    }
  }
}

/** Beside this file, as a source or as built. */
function processFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './measure-process.ts' : './measure-process.js', import.meta.url)
}
