import type { RelationType } from '../contract/graph.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/** What heritage sees of a model: numbers measured from its weights, and an id that is never used as evidence. */
export interface HeritageModel {
  readonly id: string
  readonly tensors: readonly TensorFingerprint[]
}

/** A link of a recovered tree. Models are numbered by their position in the list that was given, ghosts after them. */
export interface NumberedRelation {
  readonly parent: number
  readonly child: number
  readonly type: RelationType
  /** False where the weights do not show which came first. */
  readonly directed: boolean
  /** Share of bootstrap replicates with this link, 0 to 1. */
  readonly support: number
  /** Share of replicates whose evidence points it this way, 0 to 1; null where direction is undefined. */
  readonly directionSupport: number | null
  /** Share of this parent in a merge, else null. */
  readonly weight: number | null
  /** LoRA: largest numerical rank over the changed matrices; adapter: largest rank of its updates. */
  readonly rank: number | null
  /** ‖child − parent‖ / ‖parent‖. */
  readonly relativeChange: number
  /** Cosine of the centred weights. */
  readonly cosine: number
  /** Matrices of the body that differ, and all of them. */
  readonly changedMatrices: number
  readonly matrices: number
}

/** A link between models. */
export interface RecoveredRelation extends NumberedRelation {
  readonly type: Exclude<RelationType, 'adapter'>
}

export interface RecoveredFamily {
  /** Ascending. */
  readonly members: readonly number[]
  /** Ancestors that are inferred and in no file. */
  readonly ghosts: readonly number[]
  /** The common ancestor, or null where the direction is not known. */
  readonly root: number | null
}

export interface Heritage {
  /** Families of two or more, largest first. */
  readonly families: readonly RecoveredFamily[]
  readonly relations: readonly RecoveredRelation[]
}
