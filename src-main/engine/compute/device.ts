import { openPool, type MeasurePool } from '../pool.ts'
import { openDeviceProcess } from './device-process.ts'
import { openComputeEngine, type AdapterReport, type ComputeSetup } from './open.ts'

/** A device that was found, and threads that measure by it. */
export interface Device {
  readonly adapter: AdapterReport
  /** `measure` rejects with a ComputeFailure where all of its threads are gone. */
  readonly pool: MeasurePool
}

/** @throws ComputeFailure where there is no device, or it cannot do what is needed */
export function openDevice(setup: ComputeSetup, workers: number): Promise<Device> {
  return openDeviceProcess(setup, workers)
}

/** In this process. A device of software is taken where there is no other. @throws ComputeFailure as above */
export async function openDeviceThreads(setup: ComputeSetup, workers: number): Promise<Device> {
  const engine = await openComputeEngine({ ...setup, allowSoftware: true })
  const { adapter } = engine
  engine.close()
  return { adapter, pool: openPool(workers, { ...setup, allowSoftware: adapter.software }) }
}
