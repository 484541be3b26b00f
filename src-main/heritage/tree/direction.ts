import type { BodySlot } from '../body.ts'
import { isUnchanged } from '../exact/exact.ts'
import type { Link } from '../link.ts'
import { isLongTraining } from '../update.ts'
import { orthogonality } from './orthogonality.ts'

/** What a link says about which end came first. Positive numbers speak for a → b. */
export interface DirectionEvidence {
  /** Growth of the squared norm from a to b, per slot. */
  readonly growth: Float64Array
  /** Squared distance per slot, over the slots that count here. */
  readonly distance: Float64Array
  /** +1 where the distance from Gaussian is larger in a, -1 where it is larger in b, 0 where it does not count. */
  readonly kurtosis: Float64Array
  /** How much better b is a shrunken a with an orthogonal update than the other way round, -1 to 1 (orthogonality.ts). */
  readonly orthogonality: number
  /** Not evidence but proof (a cast cannot be undone): ±Infinity, else 0. */
  readonly proof: number
}

/** The three readings of one link, each -1 to 1. */
interface Readings {
  readonly growth: number
  readonly orthogonality: number
  readonly kurtosis: number
}

/**
 * Log-odds for each reading at 1, fitted to the roots of simulated families (docs/heritage.md). Norm growth counts more
 * the better it agrees with the orthogonality in the family: weight decay, which shrinks norms, sets the two against each other.
 */
const LOG_ODDS = { growth: 1.7, growthByAgreement: 4, orthogonality: 3, kurtosis: 1.6 }

/**
 * Evidence of one link over the matrices that differ. An update that is orthogonal to its parent's weights adds its
 * own squared norm, ‖C‖² − ‖P‖² ≈ ‖C − P‖²; and it is closer to Gaussian than trained weights are, so the excess
 * kurtosis moves towards 0 (MoTHer, arXiv 2405.18432, for the sign in specialization).
 */
export function directionEvidence(link: Link, body: readonly BodySlot[], proof = 0): DirectionEvidence {
  const growth = new Float64Array(body.length)
  const distance = new Float64Array(body.length)
  const kurtosis = new Float64Array(body.length)
  body.forEach((slot, index) => {
    const d = link.distances[index]!
    const [x, y] = [slot.tensors[link.a], slot.tensors[link.b]]
    if (!slot.matrix || !x || !y || d === 0 || isUnchanged(x, y)) return
    const [a, b] = [x.moments!, y.moments!]
    growth[index] = b.sumSquares - a.sumSquares
    distance[index] = d
    kurtosis[index] = Math.sign(Math.abs(a.excessKurtosis) - Math.abs(b.excessKurtosis)) || 0
  })
  // In long training kurtosis may move either way.
  if (isLongTraining(body, link)) kurtosis.fill(0)
  return { growth, distance, kurtosis, orthogonality: orthogonality(link, body, distance), proof }
}

function readingsOf(evidence: DirectionEvidence): Readings {
  let growth = 0
  let distance = 0
  let kurtosis = 0
  let counted = 0
  for (let i = 0; i < evidence.growth.length; i++) {
    if (evidence.distance[i] === 0) continue
    growth += evidence.growth[i]!
    distance += evidence.distance[i]!
    kurtosis += evidence.kurtosis[i]!
    counted++
  }
  if (counted === 0) return { growth: 0, orthogonality: 0, kurtosis: 0 }
  return {
    growth: Math.max(-1, Math.min(1, growth / distance)),
    orthogonality: evidence.orthogonality,
    kurtosis: kurtosis / counted,
  }
}

/** Log-odds for a → b of one link by itself. */
export function pooledEvidence(evidence: DirectionEvidence): number {
  return pooledFamilyEvidence([evidence])[0]!
}

/** Log-odds for a → b of each link of one tree, infinite where there is proof. */
export function pooledFamilyEvidence(links: readonly DirectionEvidence[]): number[] {
  const readings = links.map(readingsOf)
  const trained = readings.filter((_, i) => links[i]!.proof === 0)
  const agreement = trained.reduce((sum, { growth, orthogonality }) => sum + growth * orthogonality, 0) / trained.length
  return readings.map(({ growth, orthogonality, kurtosis }, i) => {
    if (links[i]!.proof !== 0) return links[i]!.proof
    const ofGrowth = LOG_ODDS.growth + LOG_ODDS.growthByAgreement * agreement
    return ofGrowth * growth + LOG_ODDS.orthogonality * orthogonality + LOG_ODDS.kurtosis * kurtosis
  })
}
