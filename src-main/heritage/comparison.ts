import type { TensorFingerprint } from '../fingerprint/types.ts'
import { alignModels } from './align/align.ts'
import { differenceRank } from './rank.ts'
import { recoverHeritage } from './recover.ts'
import { isRelated, kinshipOf, NOTHING_COMMON, type Kinship } from './relatedness.ts'
import { storedValues } from './exact/stored-values.ts'
import { centredCosine, isMatrix, isWeight, sameBytes, shapeKey, sketchDistance } from './tensors.ts'
import type { HeritageModel, RecoveredRelation, RecoveredVerdict } from './types.ts'

/** One tensor in two models. */
export interface TensorComparison {
  readonly name: string
  readonly shape: readonly number[]
  readonly equal: boolean
  /** ‖b − a‖ / ‖a‖. */
  readonly relativeChange: number
  /** Of the centred values, -1 to 1; null for constants. */
  readonly cosine: number | null
  /** Numerical rank of the difference, for matrices; at most the side of the sketch. */
  readonly rank: number | null
  /** Share of sampled elements that are equal, 0 to 1. */
  readonly equalFraction: number | null
  readonly kurtosisA: number
  readonly kurtosisB: number
}

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
  readonly tensors: readonly TensorComparison[]
  /** Names of tensors that have no counterpart, or one of another shape. */
  readonly unmatched: readonly string[]
}

/** Compares two models tensor by tensor, from their fingerprints alone. */
export function compareModels(a: HeritageModel, b: HeritageModel): ModelComparison {
  const architectures = alignModels([a, b])
  const [architecture] = architectures
  if (!architecture || architectures.length > 1) {
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
  const kinship = kinshipOf(architecture, 0, 1)
  const tensors: TensorComparison[] = []
  const unmatched: string[] = []
  architecture.slots.forEach((name, slot) => {
    const [x, y] = architecture.tensors[slot]!
    if (x && y && shapeKey(x) === shapeKey(y) && x.moments && y.moments) tensors.push(compareTensors(name, x, y))
    else unmatched.push(name)
  })
  const { relations, verdicts } = recoverHeritage([a, b])
  const [relation = null] = relations
  const [verdict = null] = verdicts
  const related = isRelated(kinship) && verdict === null
  return { sameArchitecture: true, related, kinship, relation, verdict, tensors, unmatched }
}

function compareTensors(name: string, a: TensorFingerprint, b: TensorFingerprint): TensorComparison {
  const equal = sameBytes(a, b)
  const weights = isWeight(a) && isWeight(b)
  return {
    name,
    shape: a.shape,
    equal,
    relativeChange: equal ? 0 : Math.sqrt(sketchDistance(a, b) / a.moments!.sumSquares),
    cosine: weights ? centredCosine(a, b) : null,
    rank: equal ? 0 : weights && isMatrix(a) ? differenceRank(a, b) : null,
    equalFraction: equal ? 1 : equalFraction(a, b),
    kurtosisA: a.moments!.excessKurtosis,
    kurtosisB: b.moments!.excessKurtosis,
  }
}

function equalFraction(a: TensorFingerprint, b: TensorFingerprint): number | null {
  const x = a.sample && storedValues(a.dtype, a.sample)
  const y = b.sample && storedValues(b.dtype, b.sample)
  if (!x || !y || x.length === 0) return null
  return x.reduce((sum, value, i) => sum + Number(value === y[i]), 0) / x.length
}
