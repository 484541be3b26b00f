import type { MessagePort, Transferable } from 'node:worker_threads'
import { openComputeEngine as openOn } from '../../../src-renderer/compute/engine.ts'
import {
  ComputeFailure,
  type AdapterReport,
  type ByteSource,
  type ComputeEngine,
  type FailureReason,
} from '../../../src-renderer/compute/types.ts'
import { openDawn } from './dawn/dawn.ts'
import { openRemoteEngine } from './page/remote-engine.ts'
import { loadShaders } from './dawn/shaders.ts'

export { ComputeFailure, type AdapterReport, type ByteSource, type ComputeEngine, type FailureReason }

/** How a compute device is reached from a thread; can be sent to other threads and processes. */
export type ComputeSetup =
  | {
      /** WebGPU by Dawn, inside this thread. Not in a process of Electron: it forbids the memory that Dawn maps. */
      readonly kind: 'dawn'
      /** Takes an adapter that computes on the processor too. */
      readonly allowSoftware: boolean
    }
  /** The compute page of the host, at the other end of a port. */
  | { readonly kind: 'page'; readonly port: MessagePort }

/** What a new thread is given to reach the device by. */
export interface DeviceLine {
  readonly setup: ComputeSetup
  /** Objects in it that move to the thread. */
  readonly transfer: readonly Transferable[]
}

/** A device for threads that are yet to be started. */
export interface ThreadDevice {
  /** Called for each thread. */
  reach(): DeviceLine
  /** Told by each thread. */
  opened(outcome: OpenedDevice): void
}

/** Why a device did not compute; the part of a ComputeFailure that crosses from one thread to another. */
export type DeviceFailure = Pick<ComputeFailure, 'reason' | 'message'>

/** What became of opening a device. */
export type OpenedDevice = { readonly adapter: AdapterReport } | { readonly failure: DeviceFailure }

/** @throws ComputeFailure where there is no device, or it cannot do what is needed */
export async function openComputeEngine(setup: ComputeSetup): Promise<ComputeEngine> {
  if (setup.kind === 'page') return openRemoteEngine(setup.port)
  return openOn(await openDawn(), loadShaders(), setup.allowSoftware)
}

/** What there is to say of an error that came from a device. */
export function describeFailure(error: unknown): DeviceFailure {
  if (error instanceof ComputeFailure) return { reason: error.reason, message: error.message }
  return { reason: 'refused', message: error instanceof Error ? error.message : String(error) }
}
