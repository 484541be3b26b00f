import type { EngineFailure } from '../../contract/errors.ts'
import type { RecoveredGraph, RecoverTask } from './recover-graph.ts'

/** What an analysis thread is asked, and what it answers. */
export interface Tasks {
  readonly recover: { readonly task: RecoverTask; readonly answer: RecoveredGraph }
}

export type TaskKind = keyof Tasks

export interface TaskMessage<Kind extends TaskKind = TaskKind> {
  readonly id: number
  readonly kind: Kind
  readonly task: Tasks[Kind]['task']
}

export type AnswerMessage = { readonly id: number } & (
  { readonly answer: Tasks[TaskKind]['answer'] } | { readonly failure: EngineFailure }
)

export interface AnalysisSetup {
  /** Absolute path of the library. */
  readonly library: string
}
