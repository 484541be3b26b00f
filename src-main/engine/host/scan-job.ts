import type { Graph } from '../../contract/graph.ts'
import type { ScanProgress, ScanState } from '../../contract/scan.ts'
import type { Library, StoredFolder } from '../../library/types.ts'
import type { Analyst } from '../analysis/analyst.ts'
import { graphInputs, type RecoveredGraph } from '../analysis/recover-graph.ts'
import { describeProblems } from '../graph.ts'
import type { MeasurePool } from '../pool.ts'
import { scan, type ScanRequest } from '../scan.ts'
import { EMPTY_GRAPH, graphSoFar, type KeptGraph } from './folder-graphs.ts'
import { stateOf } from './folder-registry.ts'
import { keepFamilyNumbers } from './steady-families.ts'
import { libraryError } from './library-access.ts'
import { ScanRecord } from './scan-record.ts'

/** While models are read, trees are recovered for at most a tenth of the time, and not more often than this. */
const RECOVERY_SHARE = 0.1
const BETWEEN_RECOVERIES_MS = 1000

export interface ScanJobSetup {
  readonly folder: StoredFolder
  readonly library: Library
  readonly reading: Pick<ScanRequest, 'diedOn' | 'onReading' | 'only'>
  readonly openPool: (bytesToRead: number, signal: AbortSignal) => Promise<MeasurePool>
  readonly openAnalyst: () => Analyst
  /** A graph that need not be recovered again where nothing has changed. */
  readonly kept: KeptGraph | null
  readonly keep: (graph: KeptGraph) => void
  /** After every change of the record; not more often than a few times a second while reading. */
  readonly onProgress: (progress: ScanProgress) => void
  /** There is a new graph, or there are new models. */
  readonly onGraph: () => void
}

/** One scan of one folder, from the walk to the last recovery. */
export class ScanJob {
  record: ScanRecord
  /** Never rejects. */
  readonly ended: Promise<void>
  readonly #setup: ScanJobSetup
  readonly #stop = new AbortController()
  #analyst: Analyst | null = null
  /** The last that was recovered in this scan. */
  #recovered: RecoveredGraph | null = null
  #pool: MeasurePool | null = null
  #held = false
  #walked = false
  #relating: Promise<void> | null = null
  #relatedAt = performance.now()
  #relatedModels = 0
  #relatingTook = 0

  constructor(setup: ScanJobSetup) {
    this.#setup = setup
    this.record = new ScanRecord(setup.folder.id, setup.folder.path)
    this.ended = this.#run().catch((error: unknown) => this.#fail(error))
  }

  get active(): boolean {
    return !['done', 'cancelled', 'failed'].includes(this.record.state)
  }

  /** What there is to show before the scan has ended. */
  graph(): Graph {
    return graphSoFar(this.#lastGraph(), this.record)
  }

  #lastGraph(): Graph {
    return this.#recovered?.graph ?? this.#setup.kept?.graph ?? EMPTY_GRAPH
  }

  pause(): void {
    if (this.record.state !== 'walking' && this.record.state !== 'reading') return
    this.#held = true
    this.#pool?.hold(true)
    this.record.paused()
    this.#change('paused')
    // The processor has nothing else to do.
    this.#relateAfter(0)
  }

  resume(): void {
    if (this.record.state !== 'paused') return
    this.#held = false
    this.#pool?.hold(false)
    this.#change(this.#walked ? 'reading' : 'walking')
  }

  /** What is finished stays. */
  async cancel(): Promise<void> {
    if (!this.active) return
    this.#stop.abort(new Error('cancelled'))
    await this.#closeAnalyst()
    await this.ended
  }

  async #run(): Promise<void> {
    // Rows that turn out damaged are dropped when they are loaded: reading those models once more mends the library.
    const { folder, reading } = this.#setup
    if (!(await this.#scanAndRelate(reading))) {
      this.record = new ScanRecord(folder.id, folder.path)
      await this.#scanAndRelate({ ...reading, only: null })
    }
    await this.#closeAnalyst()
  }

  /** @returns false where the library lost rows */
  async #scanAndRelate(reading: ScanJobSetup['reading']): Promise<boolean> {
    const { folder, library } = this.#setup
    this.#walked = false
    await scan({
      ...reading,
      folders: [folder.path],
      library,
      signal: this.#stop.signal,
      openPool: (bytesToRead) => this.#openPool(bytesToRead),
      onProgress: (progress) => this.#progressed(progress),
      onFound: (model, known) => this.record.found(model, known),
      onProblem: (problem, model) => this.record.failed(problem, model),
      onRead: (model, stored) => this.record.read(model, stored),
    })
    if (this.#stop.signal.aborted) return this.#cancelled()
    if ((await stateOf(folder.path)) === 'missing') {
      return this.#end('failed', 'The folder went away while it was scanned: connect its drive, then scan again.')
    }
    this.#change('relating')
    // Whatever is being recovered lacks the last models.
    if (this.#relating) await this.#closeAnalyst()
    const { graph, inputs, incomplete } = await this.#relate(true)
    if (incomplete) return false
    const now = new Date().toISOString()
    const { kept } = this.#setup
    const recoveredAt = kept?.inputs === inputs ? kept.recoveredAt : now
    // One model that is read again makes no scan complete that was not.
    const complete = reading.only ? (kept?.complete ?? false) : true
    this.#setup.keep({ ...(await this.#readClaims(graph)), inputs, complete, recoveredAt })
    if (!reading.only) library.folders.markSeen(folder.id, now)
    return this.#end('done')
  }

  async #openPool(bytesToRead: number): Promise<MeasurePool> {
    this.#walked = true
    this.#pool = await this.#setup.openPool(bytesToRead, this.#stop.signal)
    this.#pool.hold(this.#held)
    if (!this.#held) this.#change('reading')
    return this.#pool
  }

  #progressed(progress: Parameters<ScanRecord['progressed']>[0]): void {
    if (this.record.state !== 'paused') {
      this.record.progressed(progress, performance.now())
      this.#setup.onProgress(this.record.progress())
    }
    // Here and not after each model: the next one may take minutes to read.
    const wait = Math.max(BETWEEN_RECOVERIES_MS, this.#relatingTook * (1 / RECOVERY_SHARE - 1))
    this.#relateAfter(this.#held ? 0 : wait)
  }

  /** @param wait milliseconds since the last time */
  #relateAfter(wait: number): void {
    const isNew = this.record.models.length > this.#relatedModels
    if (this.#relating || !isNew || performance.now() - this.#relatedAt < wait) return
    this.#relating = this.#relate(false)
      // What stops it stops the scan too, or shows again in the last recovery.
      .then(this.#setup.onGraph, () => {})
      .finally(() => {
        this.#relating = null
        if (this.#held) this.#relateAfter(0)
      })
  }

  async #relate(final: boolean): Promise<RecoveredGraph> {
    const { folder } = this.#setup
    const models = [...this.record.models]
    this.#relatedModels = models.length
    const started = performance.now()
    const same = final ? this.#keptGraph() : null
    const problems = [...this.record.rawProblems]
    const recovered = same ?? (await this.#thread().ask('recover', { folder: folder.path, models, problems, final }))
    this.#relatedAt = performance.now()
    this.#relatingTook = this.#relatedAt - started
    this.#recovered = final ? recovered : { ...recovered, graph: keepFamilyNumbers(this.#lastGraph(), recovered.graph) }
    return recovered
  }

  /** Read anew at every scan: they may change while the weights stay. */
  async #readClaims(graph: Graph): Promise<Pick<KeptGraph, 'graph' | 'claims'>> {
    const { claims, problems } = await this.#thread().ask('claims', { models: this.record.models, graph })
    if (problems.length === 0) return { graph, claims }
    for (const problem of problems) this.record.failed(problem, null)
    const described = describeProblems(this.#setup.folder.path, problems)
    const all = [...graph.problems, ...described].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))
    return { graph: { ...graph, problems: all }, claims }
  }

  #thread(): Analyst {
    return (this.#analyst ??= this.#setup.openAnalyst())
  }

  /** The graph from before, where the same models were found; the problems are those of now. */
  #keptGraph(): RecoveredGraph | null {
    const { folder, library, kept } = this.#setup
    if (!kept?.complete) return null
    const found = new Set(this.record.models.map(({ location }) => location))
    const inputs = graphInputs(library.list().filter(({ location }) => found.has(location)))
    if (inputs !== kept.inputs) return null
    const problems = describeProblems(folder.path, this.record.rawProblems)
    return { graph: { ...kept.graph, problems }, inputs, incomplete: false }
  }

  #fail(error: unknown): void {
    void this.#closeAnalyst()
    if (this.#stop.signal.aborted) return void this.#cancelled()
    try {
      this.#end('failed', libraryError(error).message)
    } catch {
      this.#end('failed', `Something went wrong: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** Where the walk came to its end, what was read is worth showing the next time. */
  #cancelled(): true {
    if (this.#walked) {
      const recoveredAt = new Date().toISOString()
      const claims = this.#setup.kept?.claims ?? {}
      this.#setup.keep({ graph: this.graph(), claims, inputs: '', complete: false, recoveredAt })
    }
    return this.#end('cancelled')
  }

  async #closeAnalyst(): Promise<void> {
    const analyst = this.#analyst
    this.#analyst = null
    await analyst?.close()
  }

  #end(state: ScanState, message: string | null = null): true {
    this.record.message = message
    this.#change(state)
    return true
  }

  #change(state: ScanState): void {
    this.record.state = state
    this.#setup.onProgress(this.record.progress())
  }
}
