import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import type { SimulatedFamily } from './forests.ts'

/** One claim: how sure it was, and whether it is true. */
export interface Claim {
  readonly support: number
  readonly right: boolean
}

export interface Claims {
  /** Links between models; of missing models none is true here. */
  readonly links: readonly Claim[]
  /** Directions of the links that are right. */
  readonly directions: readonly Claim[]
}

/** What is claimed of simulated families, each recovered by itself. */
export function claimsOn(families: Iterable<SimulatedFamily>): Claims {
  const links: Claim[] = []
  const directions: Claim[] = []
  for (const { models, links: truth } of families) {
    const truths = new Set(truth.map(({ parent, child }) => `${parent} ${child}`))
    for (const { parent, child, support, directionSupport } of recoverHeritage(models).relations) {
      const forward = truths.has(`${parent} ${child}`)
      const right = forward || truths.has(`${child} ${parent}`)
      links.push({ support, right })
      if (right && directionSupport !== null) directions.push({ support: directionSupport, right: forward })
    }
  }
  return { links, directions }
}

const EDGES = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1]

/** One step of a reliability curve (DeGroot & Fienberg 1983). */
export interface ReliabilityBin {
  readonly from: number
  readonly to: number
  readonly claims: number
  readonly meanSupport: number
  readonly right: number
}

/** The claims by support: what was claimed on average, and the share that is right. */
export function reliability(claims: readonly Claim[]): ReliabilityBin[] {
  return EDGES.slice(0, -1).flatMap((from, i) => {
    const to = EDGES[i + 1]!
    const inside = claims.filter(({ support }) => support >= from && (support < to || to === 1))
    if (inside.length === 0) return []
    const meanSupport = inside.reduce((sum, { support }) => sum + support, 0) / inside.length
    return [{ from, to, claims: inside.length, meanSupport, right: shareRight(inside) }]
  })
}

/** Share of the claims that is right, 0 to 1. */
export function shareRight(claims: readonly Claim[]): number {
  return claims.filter(({ right }) => right).length / claims.length
}
