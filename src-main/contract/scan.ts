import type { Problem } from './graph.ts'

export type ScanState = 'walking' | 'reading' | 'relating' | 'paused' | 'done' | 'cancelled' | 'failed'

/** How far the scan of one folder is. Sizes in bytes. */
export interface ScanProgress {
  /** Id of the folder. */
  readonly folder: string
  /** `walking` looks for models, `relating` recovers the trees after the last read. */
  readonly state: ScanState
  /** Models that have been read or found bad, of those that had to be read. */
  readonly modelsDone: number
  readonly modelsToRead: number
  /** Models that the library knew already. */
  readonly modelsKnown: number
  readonly bytesDone: number
  readonly bytesToRead: number
  /** Over the last seconds; null before anything was read and while paused. */
  readonly bytesPerSecond: number | null
  readonly secondsLeft: number | null
  /** The model being read. */
  readonly current: { readonly path: string; readonly bytesDone: number; readonly bytes: number } | null
  /** The last few, newest first. */
  readonly recent: readonly ScanOutcome[]
  /** Files that could not be used, in this scan so far, and the newest hundred of them, newest first. */
  readonly problemCount: number
  readonly problems: readonly Problem[]
  /** Why the scan failed, one plain sentence; null where it did not. */
  readonly message: string | null
  /** What measures the weights; null while nothing has had to be read. */
  readonly engine: EngineReport | null
}

/** Which engine measures the weights, and why this one. */
export interface EngineReport {
  readonly engine: 'gpu' | 'cpu'
  /** The graphics card that was found, as its driver names it; null where none was looked for, and where there is none. */
  readonly adapter: string | null
  /** Why, as a clause: "no graphics card was found". */
  readonly reason: string
  /** By all threads together on this machine, in bytes a second; null where it was not measured. */
  readonly gpuSpeed: number | null
  readonly cpuSpeed: number | null
  /** One plain sentence, where the graphics card failed and the processor went on. */
  readonly fellBack: string | null
}

export interface ScanOutcome {
  /** As in the graph. */
  readonly path: string
  readonly bytes: number
  /** Null where it was read. */
  readonly problem: Problem | null
}
