import type { Numbers } from '../../src-main/fingerprint/types.ts'
import type { Dtype } from '../../src-main/formats/dtype.ts'

/** The bytes of one tensor, read once, in order, from the first to the last. */
export interface ByteSource {
  /**
   * Fills `target` with the bytes from `offset` (of the tensor) on.
   * @throws whatever the host's reader throws; that tensor's measurement then rejects with it
   */
  read(target: Uint8Array, offset: number): void | Promise<void>
}

/** A tensor to be measured. */
export interface TensorRequest {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly source: ByteSource
}

/** What is known of the device that computes. */
export interface AdapterReport {
  readonly vendor: string
  readonly architecture: string
  /** For people: the name that the driver gives, as far as it gives one. */
  readonly description: string
  /** Computes on the processor: right, and slower than the kernels made for it. */
  readonly software: boolean
}

/** Measures tensors on a device: fingerprint version 1, all but the hash. */
export interface ComputeEngine {
  readonly adapter: AdapterReport
  /** False for what the device cannot measure exactly (64-bit numbers, 32-bit integers): the processor does. */
  supports(dtype: Dtype): boolean
  /**
   * Measures tensors, reading one after the other; small ones share an upload. Each promise settles as soon as its tensor
   * is done, and rejects with a ComputeFailure where the device failed, or with what its source threw.
   */
  measure(tensors: readonly TensorRequest[]): Promise<Numbers>[]
  /** Frees the device. What is under way rejects. */
  close(): void
}

/** Why a device did not compute. */
export type FailureReason = 'none' | 'software' | 'limits' | 'lost' | 'out-of-memory' | 'refused'

/** The device failed, not the file: the processor can measure the same tensor. */
export class ComputeFailure extends Error {
  readonly reason: FailureReason

  constructor(reason: FailureReason, message: string) {
    super(message)
    this.name = 'ComputeFailure'
    this.reason = reason
  }
}

/** The text of each kernel, by the name of its file without `.wgsl`: a host knows how to load them. */
export type ShaderSources = Readonly<Record<string, string>>
