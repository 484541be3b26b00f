import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileProblem } from '../../../contract/problems.ts'
import { identify } from '../../../files/identity.ts'
import { hashIndex } from '../../../fingerprint/hashing.ts'
import type { TensorRange } from '../../../fingerprint/types.ts'
import type { MeasureJob } from '../../jobs.ts'
import { openPool, type MeasurePool } from '../../pool.ts'
import { agree } from './agreement.ts'
import type { Device } from '../device.ts'
import { ComputeFailure } from '../open.ts'

/** What a device and the processor did with the same bytes. */
export interface Trial {
  /** False: the device computes other numbers, and must not be used. */
  readonly agrees: boolean
  /** Null for a device of software, which is never taken for its speed. */
  readonly speeds: Speeds | null
}

/** By all threads together, in bytes a second. */
export interface Speeds {
  readonly gpuSpeed: number
  readonly cpuSpeed: number
}

/** Whether the device is worth taking for its speed. */
export function isFaster({ speeds }: Trial): boolean {
  return speeds !== null && speeds.gpuSpeed > speeds.cpuSpeed
}

type GeneratedTensor = Pick<TensorRange, 'name' | 'dtype' | 'shape'>

/** Half a megabyte for each thread: every kernel has something to do. */
const COMPARED = [
  { name: 'matrix', dtype: 'F32', shape: [192, 512] },
  { name: 'wide', dtype: 'BF16', shape: [16, 2048] },
  { name: 'vector', dtype: 'F32', shape: [4096] },
] satisfies GeneratedTensor[]

/** Shapes as models have them, 8.4 MB: enough to be steady, little enough to be over within a second. */
const TIMED = [
  { name: 'matrix', dtype: 'F32', shape: [1024, 1024] },
  { name: 'wide', dtype: 'BF16', shape: [512, 4096] },
  { name: 'vector', dtype: 'F32', shape: [4096] },
] satisfies GeneratedTensor[]

const SEED = 1

/** The best of so many: whatever else the machine does only makes it slower. */
const ROUNDS = 3

/** A driver that hangs must not hold up a scan, in milliseconds. */
const LONGEST_TRIAL = 60_000

/**
 * Has all threads of a device, and then all of the processor, measure the same generated numbers, from a file that lies in
 * the memory of the system.
 * @throws ComputeFailure if the device fails at it, or if no temporary file can be had
 */
export async function runTrial(device: Device): Promise<Trial> {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'heirloom-trial-'))
    try {
      return await compare(device, folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    const ofFiles = error instanceof FileProblem || (error instanceof Error && 'syscall' in error)
    throw ofFiles ? new ComputeFailure('refused', `It could not be tried: ${error.message}`) : error
  }
}

async function compare({ adapter, pool }: Device, folder: string): Promise<Trial> {
  const compared = writeJobs(folder, 'compared', COMPARED, pool.workers)
  const timed = adapter.software ? [] : writeJobs(folder, 'timed', TIMED, pool.workers)
  const device = await inTime(measureAndTime(pool, compared, timed))
  const failure = pool.failure()
  if (failure) throw new ComputeFailure(failure.reason, failure.message)
  const processor = openPool(pool.workers)
  try {
    const reference = await measureAndTime(processor, compared, timed)
    const speeds = { gpuSpeed: device.bytesPerSecond, cpuSpeed: reference.bytesPerSecond }
    return {
      agrees: agree(reference.measurements, device.measurements),
      speeds: adapter.software ? null : speeds,
    }
  } finally {
    await processor.close()
  }
}

/** The first jobs open what each thread needs, and are not timed. */
async function measureAndTime(pool: MeasurePool, compared: readonly MeasureJob[], timed: readonly MeasureJob[]) {
  const measurements = await pool.measure(compared)
  const bytes = timed.flatMap(({ ranges }) => ranges).reduce((sum, { length }) => sum + length, 0)
  let shortest = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now()
    await pool.measure(timed)
    shortest = Math.min(shortest, performance.now() - started)
  }
  return { measurements, bytesPerSecond: (bytes / shortest) * 1000 }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new ComputeFailure('lost', 'Its driver did not answer.')), LONGEST_TRIAL)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** The same job for each thread: all tensors, one after the other in one file. */
function writeJobs(folder: string, name: string, tensors: readonly GeneratedTensor[], workers: number): MeasureJob[] {
  const file = join(folder, name)
  const ranges: TensorRange[] = []
  const parts: Uint8Array[] = []
  let offset = 0
  for (const [at, tensor] of tensors.entries()) {
    const count = tensor.shape.reduce((product, size) => product * size, 1)
    const values = generate(count, SEED + at)
    const stored = tensor.dtype === 'F32' ? values : toBfloat16(values)
    parts.push(new Uint8Array(stored.buffer))
    ranges.push({ ...tensor, block: -1, file, offset, length: stored.byteLength })
    offset += stored.byteLength
  }
  writeFileSync(file, Buffer.concat(parts))
  return new Array<MeasureJob>(workers).fill({ ranges, files: [identify(file)] })
}

/** Numbers about 0, most of them small, as weights are. */
function generate(count: number, seed: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count)
  for (let at = 0; at < count; at++) {
    const sum = hashIndex(2 * at, seed) + hashIndex(2 * at + 1, seed)
    values[at] = (sum / 2 ** 32 - 1) / 16
  }
  return values
}

function toBfloat16(values: Float32Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16)
}
