import type { Architecture } from './align/align.ts'
import { centredEnergy, centredInner, isMatrix, isWeight, sameBytes, shapeKey } from './tensors.ts'

/** What two models have in common over their matrices. */
export interface Kinship {
  /** Cosine of the centred weights, -1 to 1. */
  readonly cosine: number
  /** How far the matrices are from chance, each with one vote (Stouffer's sum), in standard deviations. */
  readonly z: number
  /** Share of the compared weight (energy) in matrices whose bytes are equal, 0 to 1. */
  readonly equalShare: number
  /** Cosine over the matrices that are not equal, -1 to 1. */
  readonly restCosine: number
}

/**
 * Chance alone reaches z = 8 once in 10^15 pairs. Real weights are not quite independent draws (their rows share
 * scales), hence the second condition: measured, unrelated pairs stay below .05, a family above .5. Every matrix has
 * one vote: output layers and embeddings of strangers trained on the same data resemble each other, and may be large.
 */
const RELATED_Z = 8
const RELATED_COSINE = 0.03

/** Of two models without a matrix in common. */
export const NOTHING_COMMON: Kinship = { cosine: 0, z: 0, equalShare: 0, restCosine: 0 }

/** Symmetric; `kinship(i, j)` by position within the architecture, i ≠ j. */
export type KinshipTable = (i: number, j: number) => Kinship

/**
 * Compares every pair of models of one architecture over the matrices that both have in one shape. Matrices that are
 * equal to the last bit in two models which share nothing else are constants (anchors, position tables), not descent;
 * they are left out everywhere.
 */
export function compareAll(architecture: Architecture): KinshipTable {
  const first = accumulate(architecture, new Set())
  const constants = sharedConstants(architecture, first)
  return constants.size === 0 ? first : accumulate(architecture, constants)
}

/** Whether two models descend from one another or from a common ancestor. */
export function isRelated({ cosine, z }: Kinship): boolean {
  return z > RELATED_Z && cosine > RELATED_COSINE
}

/** Connected components of "related", as positions within the architecture, ascending. */
export function findFamilies(count: number, kinship: KinshipTable): number[][] {
  const unseen = new Set(Array.from({ length: count }, (_, i) => i))
  const families: number[][] = []
  for (const start of unseen) {
    const family = [start]
    unseen.delete(start)
    for (const member of family) {
      for (const other of unseen) {
        if (!isRelated(kinship(member, other))) continue
        family.push(other)
        unseen.delete(other)
      }
    }
    families.push(family.sort((a, b) => a - b))
  }
  return families
}

function accumulate(architecture: Architecture, leftOut: ReadonlySet<string>): KinshipTable {
  const n = architecture.members.length
  const inner = new Float64Array(n * n)
  const votes = new Float64Array(n * n)
  const voters = new Float64Array(n * n)
  const energyA = new Float64Array(n * n)
  const energyB = new Float64Array(n * n)
  const equal = new Float64Array(n * n)
  for (const row of architecture.tensors) {
    const compared = row.flatMap((tensor, member) => {
      const counts = tensor && isMatrix(tensor) && isWeight(tensor) && !leftOut.has(hashText(tensor.hash))
      return counts ? [{ tensor, member, shape: shapeKey(tensor) }] : []
    })
    for (const [first, { tensor: a, member: i, shape }] of compared.entries()) {
      for (const { tensor: b, member: j, shape: other } of compared.slice(first + 1)) {
        if (shape !== other) continue
        const at = i * n + j
        const product = centredInner(a, b)
        inner[at]! += product.inner
        votes[at]! += product.inner / Math.sqrt(product.variance)
        voters[at]!++
        energyA[at]! += centredEnergy(a)
        energyB[at]! += centredEnergy(b)
        if (sameBytes(a, b)) equal[at]! += centredEnergy(a)
      }
    }
  }
  return (i, j) => {
    const at = Math.min(i, j) * n + Math.max(i, j)
    if (voters[at] === 0) return NOTHING_COMMON
    const rest = Math.sqrt((energyA[at]! - equal[at]!) * (energyB[at]! - equal[at]!))
    return {
      cosine: inner[at]! / Math.sqrt(energyA[at]! * energyB[at]!),
      z: votes[at]! / Math.sqrt(voters[at]!),
      equalShare: equal[at]! / Math.max(energyA[at]!, energyB[at]!),
      restCosine: rest > 0 ? (inner[at]! - equal[at]!) / rest : 1,
    }
  }
}

/** Hashes of matrices found in two models whose other matrices, at least half of the weight, have nothing in common. */
function sharedConstants(architecture: Architecture, kinship: KinshipTable): Set<string> {
  const constants = new Set<string>()
  const n = architecture.members.length
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const { equalShare, restCosine } = kinship(i, j)
      if (equalShare === 0 || equalShare > 0.5 || restCosine > RELATED_COSINE) continue
      for (const row of architecture.tensors) {
        const a = row[i]
        const b = row[j]
        if (a && b && isMatrix(a) && sameBytes(a, b)) constants.add(hashText(a.hash))
      }
    }
  }
  return constants
}

function hashText(hash: Uint8Array): string {
  return hash.reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '')
}
