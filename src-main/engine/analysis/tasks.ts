import type { EngineFailure } from '../../contract/errors.ts'
import type { PairEvidence, TensorEvidence } from '../../contract/evidence.ts'
import type { ClaimsTask, ReadClaims } from './claims-task.ts'
import type { IdentifiedLocation, IdentifyTask, PairTask, TensorTask } from './evidence-tasks.ts'
import type { RecoveredGraph, RecoverTask } from './recover-graph.ts'

/** What an analysis thread is asked, and what it answers. */
export interface Tasks {
  readonly recover: { readonly task: RecoverTask; readonly answer: RecoveredGraph }
  readonly claims: { readonly task: ClaimsTask; readonly answer: ReadClaims }
  readonly pair: { readonly task: PairTask; readonly answer: PairEvidence }
  readonly tensor: { readonly task: TensorTask; readonly answer: TensorEvidence }
  readonly identify: { readonly task: IdentifyTask; readonly answer: readonly IdentifiedLocation[] }
}

export type TaskKind = keyof Tasks

/** Tasks come one at a time: the next when the one before was answered. */
export interface TaskMessage<Kind extends TaskKind = TaskKind> {
  readonly kind: Kind
  readonly task: Tasks[Kind]['task']
}

export type AnswerMessage = { readonly answer: Tasks[TaskKind]['answer'] } | { readonly failure: EngineFailure }

export interface AnalysisSetup {
  /** Absolute path of the library. */
  readonly library: string
}
