import type { TensorRow } from '../contract/evidence.ts'
import { alignPair } from './evidence/align-pair.ts'
import { placesOfPairs, tensorRow } from './evidence/tensor-row.ts'
import { recoverHeritage } from './recover.ts'
import { isRelated, kinshipOf, NOTHING_COMMON, type Kinship } from './relatedness.ts'
import type { HeritageModel, RecoveredRelation, RecoveredVerdict } from './types.ts'

export interface ModelComparison {
  /** False where the two do not have enough tensors in common to be compared at all. */
  readonly sameArchitecture: boolean
  readonly related: boolean
  readonly kinship: Kinship
  /** What the two alone show; direction is mostly unknown without a third model. */
  readonly relation: RecoveredRelation | null
  /** Where they are alike without descent: trained apart from one random start. */
  readonly verdict: RecoveredVerdict | null
  /** Tensors that both have in one shape. */
  readonly tensors: readonly TensorRow[]
  /** Names of tensors that have no counterpart, or one of another shape. */
  readonly unmatched: readonly string[]
}

/** Compares two models tensor by tensor, from their fingerprints alone. */
export function compareModels(a: HeritageModel, b: HeritageModel): ModelComparison {
  const pair = alignPair(a, b)
  if (!pair) {
    return {
      sameArchitecture: false,
      related: false,
      kinship: NOTHING_COMMON,
      relation: null,
      verdict: null,
      tensors: [],
      unmatched: [],
    }
  }
  const kinship = kinshipOf(pair.architecture, 0, 1)
  const places = placesOfPairs(pair.tensors)
  const { relations, verdicts } = recoverHeritage([a, b])
  const [relation = null] = relations
  const [verdict = null] = verdicts
  return {
    sameArchitecture: true,
    related: isRelated(kinship) && verdict === null,
    kinship,
    relation,
    verdict,
    tensors: pair.tensors.map((one, i) => tensorRow(one, places[i]!)),
    unmatched: [...new Set(pair.unmatched.map(({ tensor }) => tensor))],
  }
}
