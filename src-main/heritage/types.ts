import type { Relation, RelationType, VerdictKind } from '../contract/graph.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/** What heritage sees of a model: numbers measured from its weights, and an id that is never used as evidence. */
export interface HeritageModel {
  readonly id: string
  readonly tensors: readonly TensorFingerprint[]
}

/** A link of a recovered tree. Models are numbered by their position in the list that was given, ghosts after them. */
export interface NumberedRelation extends Omit<Relation, 'parent' | 'child' | 'reason'> {
  readonly parent: number
  readonly child: number
  /** Matrices of the body that differ, and all of them. */
  readonly changedMatrices: number
  readonly matrices: number
}

/** A link between models. */
export interface RecoveredRelation extends NumberedRelation {
  readonly type: Exclude<RelationType, 'adapter'>
  /** Mean cosine of the updates of siblings that were trained alike, -1 to 1; null where they were not. */
  readonly siblingCosine: number | null
  /**
   * Where one end is in no file: how the change is known, from distances among its neighbours or from those of its numbers that
   * others still hold. Absent where both ends are there.
   */
  readonly estimatedFrom?: 'distances' | 'numbers'
  /** For a merge that distances alone show, because its base is missing. */
  readonly missingBase?: boolean
}

/** What is said of several models together, beside the links. */
export interface RecoveredVerdict {
  readonly kind: VerdictKind
  /** In the order of the run, or ascending. */
  readonly models: readonly number[]
  /** Same run: the least cosine of two steps in a row; same initialisation: the largest cosine of two models. */
  readonly cosine: number
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
  readonly verdicts: readonly RecoveredVerdict[]
}
