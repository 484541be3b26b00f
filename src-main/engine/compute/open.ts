import { openComputeEngine as openOn } from '../../../src-renderer/compute/engine.ts'
import {
  ComputeFailure,
  type AdapterReport,
  type ByteSource,
  type ComputeEngine,
  type FailureReason,
} from '../../../src-renderer/compute/types.ts'
import { openDawn } from './dawn.ts'
import { loadShaders } from './shaders.ts'

export { ComputeFailure, type AdapterReport, type ByteSource, type ComputeEngine, type FailureReason }

/** How a compute device is reached from a thread; can be sent to other threads and processes. */
export type ComputeSetup = {
  /** WebGPU by Dawn, inside this thread. Not in a process of Electron: it forbids the memory that Dawn maps. */
  readonly kind: 'dawn'
  /** Takes an adapter that computes on the processor too. */
  readonly allowSoftware: boolean
}

/** Why a device did not compute; the part of a ComputeFailure that crosses from one thread to another. */
export type DeviceFailure = Pick<ComputeFailure, 'reason' | 'message'>

/** @throws ComputeFailure where there is no device, or it cannot do what is needed */
export async function openComputeEngine(setup: ComputeSetup): Promise<ComputeEngine> {
  return openOn(await openDawn(), loadShaders(), setup.allowSoftware)
}

/** What there is to say of an error that came from a device. */
export function describeFailure(error: unknown): DeviceFailure {
  if (error instanceof ComputeFailure) return { reason: error.reason, message: error.message }
  return { reason: 'refused', message: error instanceof Error ? error.message : String(error) }
}
