import type { FileIdentity } from '../files/types.ts'
import { FileProblem, type ProblemCode } from '../contract/problems.ts'
import type { KernelMemory, KernelModule } from '../fingerprint/kernels/wasm.ts'
import type { Measurement, TensorRange } from '../fingerprint/types.ts'
import type { ComputeSetup, DeviceFailure, OpenedDevice } from './compute/open.ts'

/** A few tensor ranges of one model: what a worker takes at a time. */
export interface MeasureJob {
  readonly ranges: readonly TensorRange[]
  /** The files the ranges lie in, as they were when the model was found. */
  readonly files: readonly FileIdentity[]
}

/** One measurement per range, or the problem that stopped it. */
export type MeasureResult =
  | { readonly measurements: readonly Measurement[] }
  | { readonly problem: { code: ProblemCode; message: string; path: string; offset: number | undefined } }

/** What a worker says. */
export type FromWorker =
  /** Once, where it was given a device. */
  | { readonly type: 'device'; readonly opened: OpenedDevice }
  /** To each job; and why it measures by the processor from now on, null where the device works or where there is none. */
  | { readonly type: 'answer'; readonly result: MeasureResult; readonly failure: DeviceFailure | null }

/** What a worker is given when it starts. */
export interface WorkerSetup {
  /** Null where this machine has no WASM SIMD: the plain kernels take over. */
  readonly module: KernelModule | null
  /** Shared by all workers; each uses its own slice from `base`. */
  readonly memory: KernelMemory
  readonly base: number
  /** Bytes read so far by all workers, for progress: one BigInt64 in shared memory. */
  readonly bytesRead: SharedArrayBuffer
  /** The device that each worker opens for itself; null where the processor measures. */
  readonly compute: ComputeSetup | null
}

/** The answer to a job that failed as expected. @throws anything else: a bug */
export function problemResult(error: unknown): MeasureResult {
  if (!(error instanceof FileProblem)) throw error
  return { problem: { code: error.code, message: error.message, path: error.path, offset: error.offset } }
}

/** Enough jobs for every worker to stay busy to the end of a model, few enough to keep messages rare. */
const JOBS_PER_WORKER = 4
const SMALLEST_JOB = 256 * 1024
const LARGEST_JOB = 64 * 1024 * 1024

/** Cuts the ranges of one model into jobs of about equal size, in file order. */
export function planJobs(
  ranges: readonly TensorRange[],
  files: readonly FileIdentity[],
  workers: number,
): MeasureJob[] {
  const total = ranges.reduce((sum, range) => sum + range.length, 0)
  const target = Math.min(LARGEST_JOB, Math.max(SMALLEST_JOB, total / (workers * JOBS_PER_WORKER)))
  const jobs: MeasureJob[] = []
  let batch: TensorRange[] = []
  let bytes = 0
  const flush = (): void => {
    if (batch.length === 0) return
    const paths = new Set(batch.map((range) => range.file))
    jobs.push({ ranges: batch, files: files.filter((file) => paths.has(file.path)) })
    batch = []
    bytes = 0
  }
  for (const range of ranges) {
    if (bytes > 0 && bytes + range.length > target) flush()
    batch.push(range)
    bytes += range.length
  }
  flush()
  return jobs
}
