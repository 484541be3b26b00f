import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileProblem } from '../../contract/problems.ts'
import { identify } from '../../files/identity.ts'
import { hashIndex } from '../../fingerprint/hashing.ts'
import type { TensorRange } from '../../fingerprint/types.ts'
import type { MeasureJob } from '../jobs.ts'
import { openPool, type MeasurePool } from '../pool.ts'
import { agree } from './agreement.ts'
import type { Device } from './device.ts'
import { ComputeFailure } from './open.ts'

/** What a device and the processor did with the same bytes. */
export interface Trial {
  /** False: the device computes other numbers, and must not be used. */
  readonly agrees: boolean
  /** By all threads together, in bytes a second. */
  readonly gpuSpeed: number
  readonly cpuSpeed: number
}

/** Shapes as models have them, 8.5 MB: enough to be steady, little enough to be over within a second. */
const TENSORS = [
  { name: 'matrix', dtype: 'F32', shape: [1024, 1024] },
  { name: 'wide', dtype: 'BF16', shape: [512, 4096] },
  { name: 'tall', dtype: 'BF16', shape: [2048, 64] },
  { name: 'vector', dtype: 'F32', shape: [4096] },
] as const

const SEED = 1

/** The best of so many, or of as many as fit in a second: whatever else the machine does only makes it slower. */
const ROUNDS = 3
const LONG_ENOUGH_MS = 1000

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
      return await compare(device, writeJob(folder))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    const ofFiles = error instanceof FileProblem || (error instanceof Error && 'syscall' in error)
    throw ofFiles ? new ComputeFailure('refused', `It could not be tried: ${error.message}`) : error
  }
}

async function compare({ pool }: Device, job: MeasureJob): Promise<Trial> {
  const jobs = new Array<MeasureJob>(pool.workers).fill(job)
  const device = await inTime(timeOf(pool, jobs))
  const failure = pool.failure()
  if (failure) throw new ComputeFailure(failure.reason, failure.message)
  const processor = await timeOfProcessor(pool.workers, jobs)
  return {
    agrees: agree(processor.measurements, device.measurements),
    gpuSpeed: device.bytesPerSecond,
    cpuSpeed: processor.bytesPerSecond,
  }
}

async function timeOfProcessor(workers: number, jobs: readonly MeasureJob[]) {
  const pool = openPool(workers)
  try {
    return await timeOf(pool, jobs)
  } finally {
    await pool.close()
  }
}

/** One job for each thread; the first round opens what each of them needs, and is not counted. */
async function timeOf(pool: MeasurePool, jobs: readonly MeasureJob[]) {
  const bytes = jobs.flatMap(({ ranges }) => ranges).reduce((sum, { length }) => sum + length, 0)
  const measurements = await pool.measure(jobs)
  let shortest = Infinity
  let all = 0
  for (let round = 0; round < ROUNDS && all < LONG_ENOUGH_MS; round++) {
    const started = performance.now()
    await pool.measure(jobs)
    const took = performance.now() - started
    shortest = Math.min(shortest, took)
    all += took
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

/** All tensors, one after the other in one file. */
function writeJob(folder: string): MeasureJob {
  const file = join(folder, 'weights')
  const ranges: TensorRange[] = []
  const parts: Uint8Array[] = []
  let offset = 0
  for (const [at, { name, dtype, shape }] of TENSORS.entries()) {
    const values = generate(
      shape.reduce((product, size) => product * size, 1),
      SEED + at,
    )
    const stored = dtype === 'F32' ? values : toBfloat16(values)
    parts.push(new Uint8Array(stored.buffer))
    ranges.push({ name, block: -1, dtype, shape, file, offset, length: stored.byteLength })
    offset += stored.byteLength
  }
  writeFileSync(file, Buffer.concat(parts))
  return { ranges, files: [identify(file)] }
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
