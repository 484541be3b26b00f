import { Worker } from 'node:worker_threads'
import { FileProblem } from '../contract/problems.ts'
import type { EngineReport } from '../contract/scan.ts'
import { allocateMemory, MEMORY_PER_WORKER } from '../fingerprint/kernels/wasm.ts'
import type { Measurement } from '../fingerprint/types.ts'
import type { DeviceFailure, ThreadDevice } from './compute/open.ts'
import type { FromWorker, MeasureJob, MeasureResult, WorkerSetup } from './jobs.ts'
import { loadKernelModule } from './kernel-module.ts'

/** Threads that read and measure. Each works in its own slice of one shared memory, so nothing is copied after the read. */
export interface MeasurePool {
  readonly workers: number
  /** Bytes read by all workers so far. */
  bytesRead(): number
  /**
   * Measures the ranges of all jobs of one model, in their order. After the first failure no further job is started.
   * @throws FileProblem if a file cannot be read, or a thread dies on it
   */
  measure(jobs: readonly MeasureJob[]): Promise<readonly Measurement[]>
  /** While held, no further job is begun; those being worked on are ended. */
  hold(held: boolean): void
  /** Why a device that should have measured has failed; the first of them. */
  failure(): DeviceFailure | null
  /** What measures, and why. */
  report(): EngineReport
  close(): Promise<void>
}

/** What a pool says of itself that was opened without a choice. */
export const BY_PROCESSOR: EngineReport = {
  engine: 'cpu',
  adapter: null,
  reason: 'it was chosen',
  gpuSpeed: null,
  cpuSpeed: null,
  fellBack: null,
}

interface Task {
  readonly job: MeasureJob
  /** Shared by the jobs of one model. */
  readonly model: { failed: boolean }
  readonly resolve: (measurements: readonly Measurement[]) => void
  readonly reject: (error: Error) => void
}

/**
 * Starts `workers` threads, at least 1.
 * @param device opened by each of them; the processor measures where it is null, and what the device fails at
 */
export function openPool(workers: number, device: ThreadDevice | null = null): MeasurePool {
  const memory = allocateMemory(workers)
  const module = loadKernelModule()
  const counter = new SharedArrayBuffer(8)
  const waiting: Task[] = []
  const idle: Worker[] = []
  const busy = new Map<Worker, Task>()
  const everyone = new Set<Worker>()
  let closing = false
  let held = false
  let deviceFailure: DeviceFailure | null = null

  const start = (slice: number): void => {
    const line = device?.reach()
    const base = slice * MEMORY_PER_WORKER
    const setup: WorkerSetup = { module, memory, base, bytesRead: counter, compute: line?.setup ?? null }
    const worker = new Worker(workerFile(), { workerData: setup, transferList: [...(line?.transfer ?? [])] })
    everyone.add(worker)
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'device') return device?.opened(message.opened)
      deviceFailure ??= message.failure
      const task = busy.get(worker)
      busy.delete(worker)
      idle.push(worker)
      if (task) settle(task, message.result)
      next()
    })
    let failure = 'it ended'
    worker.on('error', (error) => (failure = error.message))
    // Comes after an error, and alone when a thread just ends: either way its task must not wait for ever.
    worker.on('exit', () => {
      const task = busy.get(worker)
      busy.delete(worker)
      if (task) settle(task, crashed(task.job, failure))
      everyone.delete(worker)
      const at = idle.indexOf(worker)
      if (at >= 0) idle.splice(at, 1)
      if (!closing) start(slice)
    })
    idle.push(worker)
    next()
  }
  const next = (): void => {
    while (!held && idle.length > 0 && waiting.length > 0) {
      const task = waiting.shift()!
      if (task.model.failed) {
        task.resolve([])
        continue
      }
      const worker = idle.pop()!
      busy.set(worker, task)
      worker.postMessage(task.job)
    }
  }
  for (let slice = 0; slice < workers; slice++) start(slice)
  return {
    workers,
    bytesRead: () => Number(Atomics.load(new BigInt64Array(counter), 0)),
    measure: async (jobs) => {
      const model = { failed: false }
      const started = jobs.map(
        (job) =>
          new Promise<readonly Measurement[]>((resolve, reject) => {
            waiting.push({ job, model, resolve, reject })
          }),
      )
      next()
      // All have to end before the next model begins, whether one of them failed or not.
      const ended = await Promise.allSettled(started)
      const failure = ended.find((result) => result.status === 'rejected')
      if (failure) throw failure.reason
      return ended.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    },
    hold: (value) => {
      held = value
      next()
    },
    failure: () => deviceFailure,
    report: () => BY_PROCESSOR,
    close: async () => {
      closing = true
      await Promise.all([...everyone].map((worker) => worker.terminate()))
    },
  }
}

function settle(task: Task, result: MeasureResult): void {
  if ('measurements' in result) return task.resolve(result.measurements)
  task.model.failed = true
  const { code, message, path, offset } = result.problem
  task.reject(new FileProblem(code, message, path, offset))
}

function crashed(job: MeasureJob, failure: string): MeasureResult {
  const message = `The reader stopped unexpectedly: ${failure}`
  return { problem: { code: 'READER_STOPPED', message, path: job.files[0]?.path ?? '', offset: undefined } }
}

/** Beside this file, as a source or as built. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './measure-worker.ts' : './measure-worker.js', import.meta.url)
}
