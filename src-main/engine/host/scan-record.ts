import type { GraphModel, Problem } from '../../contract/graph.ts'
import type { WaitingModel } from '../../contract/folders.ts'
import type { EngineReport, ScanOutcome, ScanProgress, ScanState } from '../../contract/scan.ts'
import type { FoundModel } from '../../files/types.ts'
import type { StoredModel } from '../../library/types.ts'
import { describeProblem, describeUnplaced } from '../graph.ts'
import type { ScanProblem } from '../discover.ts'
import type { ScanProgress as ReadProgress } from '../scan.ts'
import { Speed } from './speed.ts'

const MOST_RECENT = 8
const MOST_PROBLEMS = 100

/** Everything one scan has come upon so far, and how far it is. */
export class ScanRecord {
  state: ScanState = 'walking'
  message: string | null = null
  /** In the library, known from before or read in this scan. */
  readonly models: FoundModel[] = []
  /** As they were met. */
  readonly rawProblems: ScanProblem[] = []
  readonly #folder: string
  readonly #path: string
  readonly #waiting = new Map<string, WaitingModel>()
  readonly #unplaced = new Map<string, GraphModel>()
  readonly #recent: ScanOutcome[] = []
  readonly #problems: Problem[] = []
  readonly #speed = new Speed()
  #known = 0
  #done = 0
  #toRead = 0
  #bytesToRead = 0
  #bytesOfDone = 0
  #bytesDone = 0
  #current = ''
  #engine: EngineReport | null = null

  /** @param path absolute, of the folder */
  constructor(folder: string, path: string) {
    this.#folder = folder
    this.#path = path
  }

  found(model: FoundModel, known: boolean): void {
    if (known) {
      this.#known++
      this.models.push(model)
      return
    }
    const bytes = sizeOf(model)
    this.#toRead++
    this.#bytesToRead += bytes
    this.#waiting.set(model.path, { path: model.path, bytes })
  }

  read(model: FoundModel, stored: StoredModel): void {
    this.models.push(model)
    this.#unplaced.set(model.path, describeUnplaced(model.path, stored))
    this.#ended(model, null)
  }

  /** @param model the one that had to be read; null for what was found bad before */
  failed(problem: ScanProblem, model: FoundModel | null): void {
    this.rawProblems.push(problem)
    const described = describeProblem(this.#path, problem)
    this.#problems.unshift(described)
    if (model) this.#ended(model, described)
  }

  progressed({ bytesDone, current, engine }: ReadProgress, time: number): void {
    this.#bytesDone = bytesDone
    this.#current = current
    this.#engine = engine
    this.#speed.add(bytesDone, time)
  }

  /** A time in which nothing is read is no time to measure. */
  paused(): void {
    this.#speed.forget()
  }

  /** Read in this scan, by path. */
  unplaced(): readonly GraphModel[] {
    return [...this.#unplaced.values()]
  }

  waiting(): readonly WaitingModel[] {
    return [...this.#waiting.values()]
  }

  problems(): readonly Problem[] {
    return this.#problems
  }

  /** As an event says it. */
  progress(): ScanProgress {
    const bytesPerSecond = this.state === 'reading' ? this.#speed.perSecond() : null
    const current = this.state === 'reading' || this.state === 'paused' ? this.#waiting.get(this.#current) : undefined
    return {
      folder: this.#folder,
      state: this.state,
      modelsDone: this.#done,
      modelsToRead: this.#toRead,
      modelsKnown: this.#known,
      bytesDone: this.#bytesDone,
      bytesToRead: this.#bytesToRead,
      bytesPerSecond,
      secondsLeft: bytesPerSecond ? (this.#bytesToRead - this.#bytesDone) / bytesPerSecond : null,
      current: current ? { ...current, bytesDone: Math.max(0, this.#bytesDone - this.#bytesOfDone) } : null,
      recent: [...this.#recent],
      problemCount: this.#problems.length,
      problems: this.#problems.slice(0, MOST_PROBLEMS),
      message: this.message,
      engine: this.#engine,
    }
  }

  #ended(model: FoundModel, problem: Problem | null): void {
    const bytes = sizeOf(model)
    this.#done++
    this.#bytesOfDone += bytes
    this.#waiting.delete(model.path)
    this.#recent.unshift({ path: model.path, bytes, problem })
    this.#recent.length = Math.min(this.#recent.length, MOST_RECENT)
  }
}

function sizeOf(model: FoundModel): number {
  return model.files.reduce((sum, { size }) => sum + size, 0)
}
