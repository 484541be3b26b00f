import type { Relation } from './graph.ts'

/** What unrelated models give for the same number: beside every number that is shown. */
export interface Background {
  readonly mean: number
  readonly deviation: number
}

export type MeasureName = 'cosine' | 'relative-change' | 'equal-fraction' | 'rank'

/** Shares and cosines as they are (0.02, not 2 %). Null where it is not defined. */
export interface Measured {
  readonly measure: MeasureName
  readonly value: number | null
  /** What unrelated pairs give; null where it cannot be known. */
  readonly unrelated: Background | null
  /** Over the tensors of the same role in this pair; null for a whole model. */
  readonly sameRole: Background | null
}

/** One sign of the direction. */
export interface DirectionCue {
  readonly cue: 'kurtosis' | 'norm' | 'cross-cumulants'
  /** From a to b: change of the excess kurtosis, relative change of the squared norm, z score. */
  readonly value: number
  /** Standard error of that number. */
  readonly error: number
  /** `forward`: consistent with a → b. */
  readonly verdict: 'forward' | 'backward' | 'silent'
}

/** One tensor in two models. */
export interface TensorRow {
  /** Its name in a. */
  readonly tensor: string
  /** `q_proj`: the name without its layer and its place in the network. */
  readonly role: string
  /** Number of its layer; null outside the layers. */
  readonly layer: number | null
  readonly shape: readonly number[]
  /** To the last bit. */
  readonly equal: boolean
  /** ‖b − a‖ / ‖a‖. */
  readonly relativeChange: number | null
  readonly cosine: number | null
  /** Numerical rank of the difference, above its rounding noise; matrices only. */
  readonly rank: number | null
  /** The largest rank that could be told: of the matrix, or of its sketch. */
  readonly largestRank: number | null
  /** Share of sampled elements that are equal, 0 to 1. */
  readonly equalFraction: number | null
  /** Excess kurtosis of a, of b and of what changed. */
  readonly kurtosisA: number | null
  readonly kurtosisB: number | null
  readonly kurtosisOfChange: number | null
}

/** Two models, as a sentence and layer by layer. */
export interface PairEvidence {
  /** Ids; for a relation the parent and the child. */
  readonly a: string
  readonly b: string
  readonly related: boolean
  /** What was recovered between the two in their folder; null where there is no link. */
  readonly relation: Relation | null
  /** What the pair shows, one plain sentence, and what stands behind it. */
  readonly sentence: string
  readonly detail: string
  /** Over all weights. */
  readonly measures: readonly Measured[]
  readonly direction: readonly DirectionCue[]
  /** Other parents for b, best first, with what each would have; empty for any two models. */
  readonly alternatives: readonly Alternative[]
  readonly tensors: readonly TensorRow[]
  readonly heatmap: Heatmap
  /** Names that have no counterpart, or one of another shape. */
  readonly unmatched: readonly { readonly model: 'a' | 'b'; readonly tensor: string }[]
}

export interface Alternative {
  readonly model: string
  /** Share of bootstrap replicates that choose it, 0 to 1; null where it was not asked. */
  readonly support: number | null
  readonly relativeChange: number
}

/** Which tensor stands in which cell. */
export interface Heatmap {
  /** Columns: numbers of layers, ascending. */
  readonly layers: readonly number[]
  /** Rows, in the order of the network. */
  readonly roles: readonly HeatmapRow[]
  /** Positions in `tensors` of those outside the layers. */
  readonly outside: readonly number[]
}

export interface HeatmapRow {
  readonly role: string
  /** Rows of one group stand together: attention, feed-forward, norms. */
  readonly group: string
  /** One for each layer: position in `tensors`; null where that layer has none. */
  readonly cells: readonly (number | null)[]
}

/** One tensor of two models, looked at closely. */
export interface TensorEvidence {
  readonly row: TensorRow
  /** Its name in b. */
  readonly tensorB: string
  readonly dtypeA: string
  readonly dtypeB: string
  readonly bytesA: number
  readonly bytesB: number
  readonly a: TensorNumbers
  readonly b: TensorNumbers
  /** Of b − a, as far as the fingerprints show it. */
  readonly difference: Partial<TensorNumbers>
  readonly histograms: MagnitudeHistograms | null
  readonly spectrum: Spectrum | null
  readonly measures: readonly Measured[]
  readonly direction: readonly DirectionCue[]
  /** What the spectrum and the numbers show, one plain sentence. */
  readonly sentence: string
}

export interface TensorNumbers {
  readonly count: number
  readonly mean: number | null
  readonly deviation: number | null
  readonly excessKurtosis: number | null
  readonly smallest: number | null
  readonly largest: number | null
  readonly zeros: number
  readonly nan: number
  readonly infinite: number
}

/** Elements with 2^e ≤ |x| < 2^(e + 1), for e from `firstExponent` on; zeros are in none. */
export interface MagnitudeHistograms {
  readonly firstExponent: number
  readonly a: readonly number[]
  readonly b: readonly number[]
}

/** Singular values of the difference, as its sketch shows them. */
export interface Spectrum {
  /** Descending, as shares of ‖a‖. */
  readonly values: readonly number[]
  /** The largest singular value that rounding alone would leave; null where nothing was rounded. */
  readonly floor: number | null
  /** How many stand above the floor. */
  readonly rank: number
  readonly largestRank: number
}

/** A model of the library that may be kin to the one that was asked about. */
export interface IdentifiedModel {
  /** Id of the granted folder that holds it, and its id there; null for one outside of all of them. */
  readonly folder: string | null
  readonly model: string
  /** Last part of its path. */
  readonly name: string
  readonly cosine: number
  /** Chance that unrelated models are as alike. */
  readonly pValue: number
  /** The same weights to the last bit. */
  readonly equal: boolean
}
