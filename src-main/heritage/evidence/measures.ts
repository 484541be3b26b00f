import type { Background, Measured, MeasureName, TensorRow } from '../../contract/evidence.ts'
import { measured } from '../describe.ts'
import { elementCount, isWeight, sameBytes } from '../tensors.ts'
import { bodyMatrices, type AlignedPair, type TensorPair } from './align-pair.ts'
import { spread, unrelatedChange, unrelatedCosine, unrelatedEqual } from './background.ts'
import { equalFraction, pairedSample, type PairedSample } from './sampled.ts'
import { differenceRank } from '../rank.ts'
import { finite, largestRank } from './tensor-row.ts'

/** What is said of a whole pair, over the body that the two have in common. */
export function pairMeasures(pair: AlignedPair): Measured[] {
  const matrices = bodyMatrices(pair)
  const body = pair.body.flatMap(({ tensors: [a, b] }) => (a && b && a.moments && b.moments ? [{ a, b }] : []))
  if (body.length === 0) return []
  const { relativeChange, cosine } = measured(pair.body, 0, 1)
  const ranks = matrices.filter(({ a, b }) => isWeight(a) && isWeight(b))
  return [
    of('relative-change', relativeChange, unrelatedChange(body)),
    of('cosine', matrices.length > 0 ? cosine : null, unrelatedCosine(matrices)),
    of('rank', largest(ranks.map(({ a, b }) => (sameBytes(a, b) ? 0 : differenceRank(a, b)))), fullRank(ranks)),
    equalMeasure(body),
  ]
}

/** What is said of one tensor. @param sameRole the rows of that role in all layers */
export function tensorMeasures(pair: TensorPair, row: TensorRow, sameRole: readonly TensorRow[]): Measured[] {
  const weights = isWeight(pair.a) && isWeight(pair.b)
  const sample = pairedSample(pair)
  const over = (number: (row: TensorRow) => number | null): Background | null =>
    spread(sameRole.flatMap((other) => number(other) ?? []))
  return [
    {
      ...of('relative-change', row.relativeChange, weights ? unrelatedChange([pair]) : null),
      sameRole: over(({ relativeChange }) => relativeChange),
    },
    { ...of('cosine', row.cosine, weights ? unrelatedCosine([pair]) : null), sameRole: over(({ cosine }) => cosine) },
    {
      ...of('rank', row.rank, row.rank === null ? null : fullRank([pair])),
      sameRole: over(({ rank }) => rank),
    },
    {
      ...of('equal-fraction', row.equalFraction, sample && unrelatedEqual([{ elements: 1, sample }])),
      sameRole: over(({ equalFraction: share }) => share),
    },
  ]
}

function of(measure: MeasureName, value: number | null, unrelated: Background | null): Measured {
  return { measure, value: finite(value), unrelated, sameRole: null }
}

function equalMeasure(body: readonly TensorPair[]): Measured {
  const samples = body.flatMap((pair) => {
    const sample = pairedSample(pair)
    return sample ? [{ elements: elementCount(pair.a), sample, equal: sameBytes(pair.a, pair.b) }] : []
  })
  const all = samples.reduce((sum, { elements }) => sum + elements, 0)
  const share = samples.reduce((sum, one) => sum + one.elements * shareOf(one), 0) / all
  return of('equal-fraction', share, unrelatedEqual(samples))
}

function shareOf({ equal, sample }: { equal: boolean; sample: PairedSample }): number {
  return equal ? 1 : equalFraction(sample)
}

/** The difference of unrelated matrices has every rank that can be told. */
function fullRank(pairs: readonly TensorPair[]): Background | null {
  const mean = largest(pairs.map(largestRank))
  return mean === null ? null : { mean, deviation: 0 }
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}
