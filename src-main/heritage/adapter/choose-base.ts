import { resample, seededRandom } from '../tree/random.ts'
import { REPLICATES } from '../../contract/graph.ts'

/** The likeliest base of an adapter. Positions in the list of candidates. */
export interface ChosenBase {
  readonly base: number
  /** How many candidates are within one standard error of the best, this one included. */
  readonly within: number
  /** Share of bootstrap replicates over blocks in which the same rule chooses this base. */
  readonly support: number
}

/**
 * Chooses by the one-standard-error rule (Breiman et al. 1984): of the candidates whose mean score is within one paired standard error of
 * the best, the one nearest the root. The update of each link below the base lowers the score a little, so the best alone is
 * often a descendant.
 *
 * @param scores for each candidate its score in each block
 * @param depths number of links between each candidate and the root
 */
export function chooseBase(scores: readonly Float64Array[], depths: readonly number[]): ChosenBase {
  const blocks = scores[0]!.length
  const all = withinOneError(scores, new Float64Array(blocks).fill(1))
  const base = nearestRoot(all, scores, depths)
  const random = seededRandom(blocks * scores.length)
  let held = 0
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const within = withinOneError(scores, resample(blocks, random))
    if (nearestRoot(within, scores, depths) === base) held++
  }
  return { base, within: all.length, support: held / REPLICATES }
}

/** Candidates whose difference to the best is at most its standard error, the best first. Each block counts `weights[block]` times. */
function withinOneError(scores: readonly Float64Array[], weights: Float64Array): number[] {
  const means = scores.map((own) => weightedMean(own, weights))
  const best = means.reduce((top, mean, i) => (mean > means[top]! ? i : top), 0)
  const within = scores.keys().filter((candidate) => {
    if (candidate === best) return false
    const lead = scores[best]!.map((score, block) => score - scores[candidate]![block]!)
    const mean = weightedMean(lead, weights)
    const squares = weightedMean(
      lead.map((value) => (value - mean) ** 2),
      weights,
    )
    return mean <= Math.sqrt(squares / Math.max(1, weights.length - 1))
  })
  return [best, ...within]
}

function nearestRoot(within: readonly number[], scores: readonly Float64Array[], depths: readonly number[]): number {
  const even = new Float64Array(scores[0]!.length).fill(1)
  const better = (a: number, b: number): number =>
    depths[a]! - depths[b]! || weightedMean(scores[b]!, even) - weightedMean(scores[a]!, even)
  return [...within].sort(better)[0]!
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    sum += weights[i]! * values[i]!
    total += weights[i]!
  }
  return sum / total
}
