import { openPool, type MeasurePool } from '../pool.ts'
import { ComputeFailure, type AdapterReport, type DeviceFailure, type DeviceLine } from './open.ts'

/** A device that was found, and threads that measure by it. */
export interface Device {
  readonly adapter: AdapterReport
  /** `measure` rejects with a ComputeFailure where all of its threads are gone. */
  readonly pool: MeasurePool
}

/**
 * A way to a device. One that computes on the processor is taken only where that is allowed.
 * @param signal gives up opening; what is open is closed by whoever opened it
 * @throws ComputeFailure where there is none, or it cannot do what is needed
 */
export type OpenDevice = (workers: number, allowSoftware: boolean, signal?: AbortSignal) => Promise<Device>

/**
 * Starts threads in this process, each with a device of its own.
 * @param reach called for each of them
 * @throws ComputeFailure where it cannot be opened
 */
export async function openDeviceThreads(workers: number, reach: () => DeviceLine): Promise<Device> {
  const opened = Promise.withResolvers<void>()
  const adapters: AdapterReport[] = []
  const failures: DeviceFailure[] = []
  const pool = openPool(workers, {
    reach,
    opened(outcome) {
      if ('adapter' in outcome) adapters.push(outcome.adapter)
      else failures.push(outcome.failure)
      if (adapters.length + failures.length === workers) opened.resolve()
    },
  })
  // All of them, also where one has failed: Dawn does not let a thread end while it opens a device.
  await opened.promise
  const [failure] = failures
  if (!failure) return { adapter: adapters[0]!, pool }
  await pool.close()
  throw new ComputeFailure(failure.reason, failure.message)
}
