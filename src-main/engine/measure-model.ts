import { FileProblem } from '../contract/problems.ts'
import { openFile, type OpenFile } from '../files/open.ts'
import type { FileIdentity, FoundModel } from '../files/types.ts'
import { planRanges } from '../fingerprint/ranges.ts'
import type { TensorFingerprint, TensorRange } from '../fingerprint/types.ts'
import { readModel } from '../formats/safetensors/model.ts'
import type { TensorEntry } from '../formats/types.ts'
import { contentHash } from '../library/identity.ts'
import type { StoredModel } from '../library/types.ts'
import { planJobs } from './jobs.ts'
import type { MeasurePool } from './pool.ts'

/** Bytes read outside the pool. */
export interface HeaderCount {
  headers: number
}

/**
 * Reads one model once and measures all of its tensors.
 * @throws FileProblem for anything that is wrong with its files; the signal's reason when it is aborted
 */
export async function measureModel(
  model: FoundModel,
  pool: MeasurePool,
  counted: HeaderCount,
  signal?: AbortSignal,
): Promise<StoredModel> {
  const entries = readHeaders(model, counted)
  if (entries.length === 0) throw new FileProblem('MODEL_EMPTY', 'The model holds no tensor.', model.location)
  const ranges = planRanges(entries)
  const used = new Set(ranges.map((range) => range.file))
  const weightFiles = model.files.filter((file) => used.has(file.path))
  const jobs = planJobs(ranges, weightFiles, pool.workers)
  const measurements = await orAborted(pool.measure(jobs), signal)
  const tensors = ranges.map((range, index): TensorFingerprint => ({
    ...describeRange(range),
    ...measurements[index]!,
  }))
  return {
    location: model.location,
    kind: model.kind,
    layout: model.layout,
    files: model.files,
    bytes: weightFiles.reduce((sum, file) => sum + file.size, 0),
    contentHash: contentHash(tensors),
    tensors,
    measuredAt: new Date().toISOString(),
  }
}

/** Gives up waiting as soon as the signal says so; the threads are stopped by whoever owns them. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const giveUp = (): void => reject(signal.reason)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp)
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** Reads the headers (and the index of a sharded model), nothing else. */
export function readHeaders(model: FoundModel, counted: HeaderCount): TensorEntry[] {
  const identities = new Map<string, FileIdentity>(model.files.map((file) => [file.path, file]))
  const open: OpenFile[] = []
  try {
    return readModel(model, (path) => {
      const file = openFile(identities.get(path) ?? path)
      open.push(file)
      return file
    })
  } finally {
    for (const file of open) {
      counted.headers += file.bytesRead
      file.close()
    }
  }
}

function describeRange({
  name,
  block,
  dtype,
  shape,
}: TensorRange): Pick<TensorFingerprint, 'name' | 'block' | 'dtype' | 'shape'> {
  return { name, block, dtype, shape }
}
