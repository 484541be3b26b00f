import type { TensorEvidence, TensorNumbers } from '../../contract/evidence.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { storedBytes } from '../../formats/dtype.ts'
import { tensorKey } from '../align/names.ts'
import { elementCount, sketchDistance } from '../tensors.ts'
import type { HeritageModel } from '../types.ts'
import { alignPair, type TensorPair } from './align-pair.ts'
import { directionCues } from './direction-cues.ts'
import { histogramsOf } from './histograms.ts'
import { tensorMeasures } from './measures.ts'
import { tensorSentence } from './sentences.ts'
import { spectrumOf } from './spectrum.ts'
import { finite, placesOfPairs, tensorRow } from './tensor-row.ts'

/**
 * One tensor of two models: both distributions, the spectrum of the difference, and numbers beside what unrelated pairs
 * give and what the same role shows in the other layers.
 *
 * @param tensor its name in a
 * @returns null where a has no such tensor, or b no counterpart in that shape
 */
export function tensorEvidence(a: HeritageModel, b: HeritageModel, tensor: string): TensorEvidence | null {
  const pairs = alignPair(a, b)?.tensors ?? []
  const at = pairs.findIndex((pair) => tensorKey(pair.a) === tensor)
  const pair = pairs[at]
  if (!pair) return null
  const places = placesOfPairs(pairs)
  const { role, layer } = places[at]!
  const row = tensorRow(pair, places[at]!)
  const sameRole = pairs.flatMap((one, i) =>
    layer !== null && places[i]!.role === role && places[i]!.layer !== null ? [tensorRow(one, places[i]!)] : [],
  )
  const spectrum = spectrumOf(pair)
  return {
    row,
    tensorB: tensorKey(pair.b),
    dtypeA: pair.a.dtype,
    dtypeB: pair.b.dtype,
    bytesA: bytesOf(pair.a),
    bytesB: bytesOf(pair.b),
    a: numbersOf(pair.a),
    b: numbersOf(pair.b),
    difference: differenceOf(pair, row.equal, row.kurtosisOfChange),
    histograms: histogramsOf(pair),
    spectrum,
    measures: tensorMeasures(pair, row, sameRole),
    direction: directionCues([pair], false),
    sentence: tensorSentence(row, spectrum),
  }
}

function bytesOf({ dtype, shape }: TensorFingerprint): number {
  return storedBytes(dtype, shape)
}

function numbersOf({ moments, shape }: TensorFingerprint): TensorNumbers {
  return {
    count: moments?.count ?? shape.reduce((product, size) => product * size, 1),
    mean: finite(moments?.mean),
    deviation: finite(moments && Math.sqrt(moments.variance)),
    excessKurtosis: finite(moments?.excessKurtosis),
    smallest: finite(moments?.min),
    largest: finite(moments?.max),
    zeros: moments?.zeros ?? 0,
    nan: moments?.nan ?? 0,
    infinite: moments?.infinite ?? 0,
  }
}

/** Mean from the moments, deviation from the sketches, kurtosis from the samples; the rest cannot be known from these. */
function differenceOf({ a, b }: TensorPair, equal: boolean, excessKurtosis: number | null): Partial<TensorNumbers> {
  const count = elementCount(a)
  if (equal) return { count, mean: 0, deviation: 0, excessKurtosis: null }
  if (!a.moments || !b.moments || !a.sketch || !b.sketch) return {}
  const mean = b.moments.mean - a.moments.mean
  const variance = sketchDistance(a, b) / count - mean * mean
  return { count, mean: finite(mean), deviation: finite(Math.sqrt(Math.max(0, variance))), excessKurtosis }
}
