import type { DirectionCue } from '../../contract/evidence.ts'
import { isUnchanged } from '../exact/exact.ts'
import { centredCosine, elementCount, isWeight, sketchDistance } from '../tensors.ts'
import type { TensorPair } from './align-pair.ts'
import { pairedSample } from './sampled.ts'

/** A sign within this many standard errors of nothing says nothing. */
const SILENT_WITHIN = 2

/**
 * What some tensors say about whether a came before b. Only those that differ count; none where all are equal.
 *
 * @param longTraining true where training was so long that kurtosis may move either way
 */
export function directionCues(pairs: readonly TensorPair[], longTraining: boolean): DirectionCue[] {
  const changed = pairs.filter(({ a, b }) => isWeight(a) && isWeight(b) && !isUnchanged(a, b))
  if (changed.length === 0) return []
  const kurtosis = kurtosisCue(changed)
  const cumulants = cumulantCue(changed)
  const cues = [
    normCue(changed),
    longTraining ? { ...kurtosis, verdict: 'silent' as const } : kurtosis,
    ...(cumulants ? [cumulants] : []),
  ]
  return cues.filter(({ value, error }) => Number.isFinite(value) && Number.isFinite(error))
}

/**
 * (‖b‖² − ‖a‖²) / ‖a‖². An update that is orthogonal to its parent adds its own squared norm. The error is that of the
 * inner product of a and a random direction of the length of the change.
 */
function normCue(pairs: readonly TensorPair[]): DirectionCue {
  let growth = 0
  let norm = 0
  let variance = 0
  for (const { a, b } of pairs) {
    const squares = a.moments!.sumSquares
    growth += b.moments!.sumSquares - squares
    norm += squares
    variance += (4 * squares * sketchDistance(a, b)) / elementCount(a)
  }
  return cue('norm', growth / norm, Math.sqrt(variance) / norm, 1)
}

/**
 * Mean change of the distance from Gaussian, |excess kurtosis|, over the tensors. A specialization moves weights towards
 * Gaussian (MoTHer, arXiv 2405.18432). The error is that of the mean; for one tensor that of two correlated estimates
 * from Gaussian elements, √(48 (1 − cosine⁴) / elements).
 */
function kurtosisCue(pairs: readonly TensorPair[]): DirectionCue {
  const changes = pairs.map(({ a, b }) => Math.abs(b.moments!.excessKurtosis) - Math.abs(a.moments!.excessKurtosis))
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length
  if (changes.length === 1) {
    const [{ a, b }] = pairs as [TensorPair]
    return cue('kurtosis', mean, Math.sqrt((48 * (1 - centredCosine(a, b) ** 4)) / elementCount(a)), -1)
  }
  const squares = changes.reduce((sum, change) => sum + (change - mean) ** 2, 0)
  return cue('kurtosis', mean, Math.sqrt(squares / (changes.length - 1) / changes.length), -1)
}

/**
 * z score of E[x³y] − E[xy³], x and y standardised, signed by the kurtosis of a: positive where b is a plus something
 * independent and not the other way round (Hyvärinen & Smith, JMLR 2013). From the element samples.
 */
function cumulantCue(pairs: readonly TensorPair[]): DirectionCue | null {
  let sum = 0
  let tensors = 0
  for (const pair of pairs) {
    const sample = pairedSample(pair)
    const z = sample && crossCumulantScore(standardise(sample.a), standardise(sample.b))
    if (z === null || !Number.isFinite(z)) continue
    sum += Math.sign(pair.a.moments!.excessKurtosis) * z
    tensors++
  }
  return tensors === 0 ? null : cue('cross-cumulants', sum / Math.sqrt(tensors), 1, 1)
}

function crossCumulantScore(x: Float64Array, y: Float64Array): number {
  const terms = x.map((value, i) => value * y[i]! * (value * value - y[i]! * y[i]!))
  const mean = terms.reduce((sum, term) => sum + term, 0) / terms.length
  const squares = terms.reduce((sum, term) => sum + (term - mean) ** 2, 0)
  return (mean * terms.length) / Math.sqrt(squares)
}

function standardise(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const deviation = Math.sqrt(squares / values.length)
  return values.map((value) => (value - mean) / deviation)
}

/** @param forward the sign that speaks for a → b */
function cue(name: DirectionCue['cue'], value: number, error: number, forward: 1 | -1): DirectionCue {
  const verdict =
    Math.abs(value) <= SILENT_WITHIN * error ? 'silent' : Math.sign(value) === forward ? 'forward' : 'backward'
  return { cue: name, value, error, verdict }
}
