import type { RecoveredFamily, RecoveredRelation } from '../types.ts'

/** What training does to the outliers of the weights: kurtosis falls in specialization and grows in generalization. */
export type Stage = 'specialization' | 'generalization'

/** A weight matrix that several models have under one name and in one shape. */
export interface Layer {
  readonly name: string
  readonly rows: number
  /** All dimensions but the first, taken together. */
  readonly columns: number
  /** Positions of the models that have it, ascending. */
  readonly members: readonly number[]
}

/** The weights of a set of models, which are numbered from 0. */
export interface WeightSource {
  readonly models: number
  readonly layers: readonly Layer[]
  /**
   * Elements that may be held from one pair to the next: as many models as fit, at least one, are compared for one read of
   * each. With 0 nothing is held: both models of every pair are read.
   */
  readonly heldElements: number
  /** Elements `from` up to (not including) `to` of one model's matrix, row by row. */
  read(layer: Layer, model: number, from: number, to: number): Promise<Float64Array>
}

export interface MotherOptions {
  /** Number of trees to find, at least 1; null lets the largest gap between merges decide. */
  readonly trees: number | null
  readonly stage: Stage
  /**
   * Elements held from one pair to the next, 8 bytes each; 512 MiB of them where not given. With 1 one matrix is held while
   * the others pass by, with 0 both models of every pair are read.
   */
  readonly heldElements?: number
}

/** A link, with what placed and turned it. The method gives no support: 0, and null for the direction. */
export interface MotherRelation extends RecoveredRelation {
  /** 'ft' or 'lora', as the distances of the paper are called. */
  readonly measure: 'ft' | 'lora'
  /** That distance, divided by its mean over the pairs of the tree. */
  readonly distance: number
  /** False where the edge was chosen although the kurtosis speaks for the other way. */
  readonly kurtosisAgrees: boolean
}

export interface MotherHeritage {
  /** Trees of two or more, largest first. */
  readonly families: readonly RecoveredFamily[]
  readonly relations: readonly MotherRelation[]
}
