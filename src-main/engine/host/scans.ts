import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Emitter } from '../../contract/emitter.ts'
import type { Problem } from '../../contract/graph.ts'
import type { ScanProgress } from '../../contract/scan.ts'
import type { StoredFolder } from '../../library/types.ts'
import { openAnalyst } from '../analysis/analyst.ts'
import { openMeasuring } from '../compute/choice/choose.ts'
import { nodeDevice } from '../compute/node-device.ts'
import type { FolderGraphs } from './folder-graphs.ts'
import type { LibraryAccess } from './library-access.ts'
import type { EngineHostOptions } from './options.ts'
import { readSettings } from './preferences.ts'
import { ScanJob, type ScanJobSetup } from './scan-job.ts'

/** Models that were read show up as they come, but not each on its own. */
const BETWEEN_GRAPHS_MS = 2000

/** The scans of this host, one for each folder at most. */
export class Scans {
  readonly #library: LibraryAccess
  readonly #graphs: FolderGraphs
  readonly #emitter: Emitter
  readonly #options: Pick<EngineHostOptions, 'diedOn' | 'onReading' | 'openDevice'>
  readonly #jobs = new Map<string, ScanJob>()

  constructor(
    library: LibraryAccess,
    graphs: FolderGraphs,
    emitter: Emitter,
    options: Pick<EngineHostOptions, 'diedOn' | 'onReading' | 'openDevice'>,
  ) {
    this.#library = library
    this.#graphs = graphs
    this.#emitter = emitter
    this.#options = options
  }

  start(folder: StoredFolder): void {
    if (this.active(folder.id)) this.resume(folder.id)
    else this.#begin(folder, this.#options)
  }

  /** Reads the model at fault once more, and no other; nothing while a scan runs. */
  retry(folder: StoredFolder, { path }: Problem): void {
    if (this.active(folder.id)) return
    const problems = this.#graphs.get(folder.id)?.graph.problems ?? []
    const absolute = problems.map((problem) => ({
      ...problem,
      path: join(folder.path, problem.path),
      offset: problem.offset,
    }))
    // It is wanted, also if it was what the engine died on.
    const { onReading } = this.#options
    this.#begin(folder, {
      ...(onReading && { onReading }),
      only: { path: join(folder.path, path), problems: absolute },
    })
  }

  #begin(folder: StoredFolder, reading: ScanJobSetup['reading']): void {
    const library = this.#library.get()
    const last = { time: performance.now(), state: 'walking', models: 0 }
    const job: ScanJob = new ScanJob({
      folder,
      library,
      reading,
      openPool: (bytesToRead, signal) => {
        const { engine, threads } = readSettings(library.settings)
        return openMeasuring({
          preference: engine,
          openDevice: this.#options.openDevice ?? nodeDevice(),
          workers: threads ?? availableParallelism(),
          bytesToRead,
          settings: library.settings,
          signal,
        })
      },
      openAnalyst: () => openAnalyst({ library: this.#library.path }),
      kept: this.#graphs.get(folder.id),
      keep: (graph) => this.#graphs.keep(folder.id, graph),
      onProgress: (progress) => {
        this.#emitter.emit('scan.progress', progress)
        const now = performance.now()
        const isDue = progress.modelsDone > last.models && now - last.time >= BETWEEN_GRAPHS_MS
        // Every state begins with what is known: what waits to be read, and that nothing waits any more.
        if (!job.active || (progress.state === last.state && !isDue)) return
        Object.assign(last, { time: now, state: progress.state, models: progress.modelsDone })
        this.#emitter.emit('graph.changed', { folder: folder.id })
      },
      onGraph: () => this.#emitter.emit('graph.changed', { folder: folder.id }),
    })
    this.#jobs.set(folder.id, job)
    void job.ended.then(() => {
      if (this.#jobs.get(folder.id) !== job) return
      this.#emitter.emit('graph.changed', { folder: folder.id })
      this.#emitter.emit('folders.changed', {})
    })
    this.#emitter.emit('folders.changed', {})
  }

  pause(folder: string): void {
    this.#jobs.get(folder)?.pause()
  }

  resume(folder: string): void {
    this.#jobs.get(folder)?.resume()
  }

  /** Ends when the scan has ended. */
  async cancel(folder: string): Promise<void> {
    await this.#jobs.get(folder)?.cancel()
  }

  async forget(folder: string): Promise<void> {
    const job = this.#jobs.get(folder)
    this.#jobs.delete(folder)
    await job?.cancel()
  }

  /** The scan that runs or is paused. */
  active(folder: string): ScanJob | null {
    const job = this.#jobs.get(folder)
    return job?.active ? job : null
  }

  /** Of the running scan, or of the last one. */
  progress(folder: string): ScanProgress | null {
    return this.#jobs.get(folder)?.record.progress() ?? null
  }

  async close(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map((job) => job.cancel()))
  }
}
