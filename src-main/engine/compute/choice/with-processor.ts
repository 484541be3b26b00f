import { FileProblem } from '../../../contract/problems.ts'
import type { EngineReport } from '../../../contract/scan.ts'
import { openPool, type MeasurePool } from '../../pool.ts'
import { fellBackSentence } from './fell-back.ts'
import { ComputeFailure, describeFailure, type DeviceFailure } from '../open.ts'

/** The threads of a device, and those of the processor as soon as all of the device's are gone. */
export function withProcessor(device: MeasurePool, report: EngineReport): MeasurePool {
  // Trying it out was no part of a scan.
  const readBefore = device.bytesRead()
  let processor: MeasurePool | null = null
  let held = false
  let closed = false
  let modelsDone = 0
  let fellBack: string | null = null

  const note = (failure: DeviceFailure | null): void => {
    if (failure) fellBack ??= fellBackSentence(failure, modelsDone)
  }
  const openProcessor = (): MeasurePool => {
    const pool = openPool(device.workers)
    pool.hold(held)
    return pool
  }
  const measure: MeasurePool['measure'] = async (jobs) => {
    if (processor) return processor.measure(jobs)
    try {
      return await device.measure(jobs)
    } catch (error) {
      if (closed || !mayBeTheDevice(error)) throw error
      note(device.failure() ?? describeFailure(error))
      processor = openProcessor()
      return processor.measure(jobs)
    }
  }
  return {
    workers: device.workers,
    bytesRead: () => device.bytesRead() - readBefore + (processor?.bytesRead() ?? 0),
    measure: async (jobs) => {
      try {
        return await measure(jobs)
      } finally {
        note(device.failure())
        modelsDone++
      }
    },
    hold: (value) => {
      held = value
      device.hold(value)
      processor?.hold(value)
    },
    failure: device.failure,
    report: () => ({ ...report, fellBack }),
    close: async () => {
      closed = true
      await Promise.all([device.close(), processor?.close()])
    },
  }
}

/** A thread that dies may have died of the driver: the processor's then shows whether it was the file. */
function mayBeTheDevice(error: unknown): boolean {
  return error instanceof ComputeFailure || (error instanceof FileProblem && error.code === 'READER_STOPPED')
}
