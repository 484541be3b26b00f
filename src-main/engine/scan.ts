import { dirname, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { FileProblem } from '../contract/problems.ts'
import type { FoundModel } from '../files/types.ts'
import { findModels } from '../files/walk.ts'
import type { Library, StoredModel } from '../library/types.ts'
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
  /** Time spent reading and measuring. */
  readonly seconds: number
}

/** A problem with a model, a file or a folder. */
export interface ScanProblem {
  /** Absolute path. */
  readonly path: string
  readonly code: string
  readonly message: string
  readonly offset: number | undefined
}

export interface ScanResult {
  /** Models whose fingerprints are in the library, in the order they were found. */
  readonly models: readonly FoundModel[]
  readonly problems: readonly ScanProblem[]
  readonly stats: ScanStats
  /** True if the signal stopped the scan before everything was read. */
  readonly interrupted: boolean
}

export interface ScanRequest {
  readonly folders: readonly string[]
  readonly library: Library
  /** Opened when the first model has to be read: a scan that finds everything in the library starts no thread. */
  readonly openPool: () => MeasurePool
  /** Aborting stops before the next model; the one being read is given up, what is finished stays. */
  readonly signal?: AbortSignal
  /** Of the models that have to be read, only this one is. */
  readonly only?: OneModel | null
  /** Location of a model that a process died on: it is not read again, and becomes a problem. */
  readonly diedOn?: string | null
  /** Told which model is read next, by its location; null between two. */
  readonly onReading?: (location: string | null) => void
  readonly onProgress?: (progress: ScanProgress) => void
  /** Told of every model while the folders are walked, and whether the library knows it. */
  readonly onFound?: (model: FoundModel, known: boolean) => void
  /** Told of every model that was read and kept. */
  readonly onRead?: (model: FoundModel, stored: StoredModel) => void
  /** Told of every problem at once; `model` is the one that had to be read, null for what the walk or the library knew. */
  readonly onProblem?: (problem: ScanProblem, model: FoundModel | null) => void
}

/** A model that is read once more because of a problem, also where that was kept as permanent. */
export interface OneModel {
  /** Absolute path of the file, or of the folder, at fault. */
  readonly path: string
  /** Of the scan before. Those of other models that would have to be read stand as they were. */
  readonly problems: readonly ScanProblem[]
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
  const started = performance.now()
  const pool = unread.length > 0 ? request.openPool() : null
  const models = [...found.known]
  const counted = { headers: 0 }
  let bytesDone = 0
  let modelsDone = 0
  let current = ''
  let readBefore = 0
  const report = (): void => {
    const inModel = (pool?.bytesRead() ?? 0) - readBefore
    request.onProgress?.({
      modelsDone,
      modelsToRead: unread.length,
      bytesDone: bytesDone + inModel,
      bytesToRead,
      current,
    })
  }
  const timer = setInterval(report, REPORT_EVERY)
  try {
    for (const model of unread) {
      if (signal?.aborted) break
      current = model.path
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
      bytesDone += sumBytes([model])
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
    interrupted: !found.complete || modelsDone < unread.length,
  }
}

/** Whether a file belongs to a model: it is one of its files, or lies beside them in its folder. */
function isIn({ location, files }: FoundModel, path: string): boolean {
  return path === location || dirname(path) === location || files.some((file) => file.path === path)
}

function diedOn({ files }: FoundModel): FileProblem {
  return new FileProblem('ENGINE_DIED', 'The engine ended while it read this model.', files[0]!.path)
}

interface Discovery {
  readonly known: FoundModel[]
  readonly unread: FoundModel[]
  readonly problems: ScanProblem[]
  /** False if the signal stopped the walk. */
  complete: boolean
}

/** Walks the folders and asks the library about every model in them. */
async function discover({ folders, library, only, signal, onFound, onProblem }: ScanRequest): Promise<Discovery> {
  const discovery: Discovery = { known: [], unread: [], problems: [], complete: false }
  const seen = new Set<string>()
  const addProblem = (problem: ScanProblem): void => {
    discovery.problems.push(describe(problem))
    onProblem?.(describe(problem), null)
  }
  const add = (list: FoundModel[], model: FoundModel): void => {
    list.push(model)
    onFound?.(model, list === discovery.known)
  }
  for (const folder of folders) {
    for (const found of findModels(resolve(folder))) {
      // The walk is synchronous: without a pause, no signal would arrive before its end.
      await setImmediate()
      if (signal?.aborted) return discovery
      if (found instanceof FileProblem) {
        addProblem(found)
        continue
      }
      if (seen.has(found.location)) continue
      seen.add(found.location)
      const isWanted = !only || isIn(found, only.path)
      if (only && isWanted) library.forgetProblem(found.location)
      const known = library.lookup(found.location, found.files)
      if (known.state === 'measured') add(discovery.known, found)
      else if (known.state === 'problem') addProblem(known.problem)
      else if (isWanted) add(discovery.unread, found)
      else only.problems.filter(({ path }) => isIn(found, path)).forEach(addProblem)
    }
  }
  discovery.complete = true
  return discovery
}

/** A bad file stays bad until it changes: the library keeps the answer, so that it is not read again. */
function remember(library: Library, model: FoundModel, problem: FileProblem): ScanProblem {
  const { code, message, path, offset } = problem
  if (problem.permanent) {
    library.saveProblem({ location: model.location, files: model.files, code, message, path, offset })
  }
  return describe(problem)
}

function describe({ path, code, message, offset }: ScanProblem): ScanProblem {
  return { path, code, message, offset }
}

function byLocation(a: FoundModel, b: FoundModel): number {
  return a.location < b.location ? -1 : Number(a.location > b.location)
}

function sumBytes(models: readonly FoundModel[]): number {
  return models.reduce((sum, model) => sum + model.files.reduce((bytes, file) => bytes + file.size, 0), 0)
}
