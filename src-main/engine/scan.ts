import { FileProblem } from '../contract/problems.ts'
import type { EngineReport } from '../contract/scan.ts'
import type { FoundModel } from '../files/types.ts'
import type { Library, StoredModel } from '../library/types.ts'
import { describeProblem, discover, type DiscoveryRequest, type ScanProblem } from './discover.ts'
import { measureModel } from './measure-model.ts'
import type { MeasurePool } from './pool.ts'

/** How far a scan has come. Sizes in bytes. */
export interface ScanProgress {
  readonly modelsDone: number
  readonly modelsToRead: number
  readonly bytesDone: number
  readonly bytesToRead: number
  /** Path of the model being read. */
  readonly current: string
  /** What measures; null while nothing has had to be read. */
  readonly engine: EngineReport | null
}

export interface ScanStats {
  readonly modelsFound: number
  readonly modelsRead: number
  readonly modelsCached: number
  /** Sizes of the files of all models found. */
  readonly bytesFound: number
  /** Sizes of the files of the models that had to be read. */
  readonly bytesToRead: number
  /** Bytes really read, headers and indexes included. */
  readonly bytesRead: number
  /** Time spent reading and measuring, once the engine was chosen. */
  readonly seconds: number
}

export interface ScanResult {
  /** Models whose fingerprints are in the library, in the order they were found. */
  readonly models: readonly FoundModel[]
  readonly problems: readonly ScanProblem[]
  readonly stats: ScanStats
  /** What measured; null if nothing had to be read. */
  readonly engine: EngineReport | null
  /** True if the signal stopped the scan before everything was read. */
  readonly interrupted: boolean
}

export interface ScanRequest extends DiscoveryRequest {
  /**
   * Called when the first model has to be read: a scan that finds everything in the library starts no thread. What it
   * throws ends the scan.
   */
  readonly openPool: (bytesToRead: number, signal?: AbortSignal) => MeasurePool | Promise<MeasurePool>
  /** Location of a model that a process died on: it is not read again, and becomes a problem. */
  readonly diedOn?: string | null
  /** Told which model is read next, by its location; null between two. */
  readonly onReading?: (location: string | null) => void
  readonly onProgress?: (progress: ScanProgress) => void
  /** Told of every model that was read and kept. */
  readonly onRead?: (model: FoundModel, stored: StoredModel) => void
}

/** Between two reports of progress, in milliseconds. */
const REPORT_EVERY = 100

/**
 * Finds every model below the folders and measures those that the library does not know. One model at a time, by all
 * threads together, and kept as soon as it is done: whatever stops the scan costs at most the model being read.
 */
export async function scan(request: ScanRequest): Promise<ScanResult> {
  const found = await discover(request)
  const { unread, problems } = found
  const { signal } = request
  const bytesToRead = sumBytes(unread)
  const pool = unread.length > 0 && !signal?.aborted ? await openUnlessAborted(request, bytesToRead) : null
  const started = performance.now()
  const models = [...found.known]
  const counted = { headers: 0 }
  let bytesDone = 0
  let modelsDone = 0
  let current = ''
  let currentBytes = 0
  let readBefore = 0
  const report = (): void => {
    // What a device failed at is read once more.
    const inModel = Math.min(currentBytes, (pool?.bytesRead() ?? 0) - readBefore)
    request.onProgress?.({
      modelsDone,
      modelsToRead: unread.length,
      bytesDone: bytesDone + inModel,
      bytesToRead,
      current,
      engine: pool?.report() ?? null,
    })
  }
  const timer = setInterval(report, REPORT_EVERY)
  try {
    for (const model of unread) {
      if (signal?.aborted) break
      current = model.path
      currentBytes = sumBytes([model])
      readBefore = pool!.bytesRead()
      try {
        if (model.location === request.diedOn) throw diedOn(model)
        request.onReading?.(model.location)
        const stored = await measureModel(model, pool!, counted, signal)
        request.library.save(stored)
        models.push(model)
        request.onRead?.(model, stored)
      } catch (error) {
        if (signal?.aborted) break
        if (!(error instanceof FileProblem)) throw error
        const problem = remember(request.library, model, error)
        problems.push(problem)
        request.onProblem?.(problem, model)
      }
      request.onReading?.(null)
      bytesDone += currentBytes
      currentBytes = 0
      readBefore = pool!.bytesRead()
      modelsDone++
    }
    report()
  } finally {
    clearInterval(timer)
    await pool?.close()
  }
  const stats = {
    modelsFound: found.known.length + unread.length,
    modelsRead: models.length - found.known.length,
    modelsCached: found.known.length,
    bytesFound: sumBytes(found.known) + bytesToRead,
    bytesToRead,
    bytesRead: (pool?.bytesRead() ?? 0) + counted.headers,
    seconds: (performance.now() - started) / 1000,
  }
  return {
    models: models.sort(byLocation),
    problems,
    stats,
    engine: pool?.report() ?? null,
    interrupted: !found.complete || modelsDone < unread.length,
  }
}

/** Null where the signal came first. */
async function openUnlessAborted({ openPool, signal }: ScanRequest, bytesToRead: number): Promise<MeasurePool | null> {
  try {
    return await openPool(bytesToRead, signal)
  } catch (error) {
    if (signal?.aborted) return null
    throw error
  }
}

function diedOn({ files }: FoundModel): FileProblem {
  return new FileProblem('ENGINE_DIED', 'The engine ended while it read this model.', files[0]!.path)
}

/** A bad file stays bad until it changes: the library keeps the answer, so that it is not read again. */
function remember(library: Library, model: FoundModel, problem: FileProblem): ScanProblem {
  const { code, message, path, offset } = problem
  if (problem.permanent) {
    library.saveProblem({ location: model.location, files: model.files, code, message, path, offset })
  }
  return describeProblem(problem)
}

function byLocation(a: FoundModel, b: FoundModel): number {
  return a.location < b.location ? -1 : Number(a.location > b.location)
}

function sumBytes(models: readonly FoundModel[]): number {
  return models.reduce((sum, model) => sum + model.files.reduce((bytes, file) => bytes + file.size, 0), 0)
}
