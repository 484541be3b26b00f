import type { TensorRow } from '../../contract/evidence.ts'
import { tensorKey } from '../align/names.ts'
import { differenceRank, sketchShape } from '../rank.ts'
import { centredCosine, isMatrix, isWeight, sameBytes, sketchDistance } from '../tensors.ts'
import type { TensorPair } from './align-pair.ts'
import { placesOf, type Place } from './roles.ts'
import { equalFraction, kurtosisOfChange, pairedSample } from './sampled.ts'

/** Where each tensor stands in the network of a. */
export function placesOfPairs(pairs: readonly TensorPair[]): Place[] {
  return placesOf(pairs.map(({ a }) => ({ name: tensorKey(a), shape: a.shape })))
}

/** Everything that two fingerprints of one tensor say side by side. */
export function tensorRow(pair: TensorPair, { role, layer }: Pick<Place, 'role' | 'layer'>): TensorRow {
  const { a, b } = pair
  const equal = sameBytes(a, b)
  const measured = a.sketch !== null && b.sketch !== null && a.moments !== null
  const weights = isWeight(a) && isWeight(b)
  const matrix = weights && isMatrix(a)
  const sample = pairedSample(pair)
  return {
    tensor: tensorKey(a),
    role,
    layer,
    shape: a.shape,
    equal,
    relativeChange: equal ? 0 : measured ? finite(Math.sqrt(sketchDistance(a, b) / a.moments!.sumSquares)) : null,
    cosine: weights ? finite(centredCosine(a, b)) : null,
    rank: !matrix ? null : equal ? 0 : differenceRank(a, b),
    largestRank: matrix ? largestRank(pair) : null,
    equalFraction: equal ? 1 : sample && equalFraction(sample),
    kurtosisA: finite(a.moments?.excessKurtosis),
    kurtosisB: finite(b.moments?.excessKurtosis),
    kurtosisOfChange: equal || !sample ? null : finite(kurtosisOfChange(sample)),
  }
}

/** The largest rank that the sketch of a matrix can show. */
export function largestRank({ a }: TensorPair): number {
  const { rows, columns } = sketchShape(a)
  return Math.min(rows, columns)
}

/** What JSON can carry: null for what is not defined. */
export function finite(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value) ? null : value
}
