import type { Architecture } from './align/align.ts'
import { disjointSets } from './disjoint-sets.ts'
import type { Steps } from './steps.ts'
import { initialisationTest, joinPair, type SameInitialisation } from './same-initialisation.ts'
import { screenPairs, type Row } from './screen.ts'
import { centredEnergy, centredInner, contentsKey, isMatrix, isWeight, sameBytes, shapeKey } from './tensors.ts'

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

/**
 * What two members of an architecture have in common over the matrices that both have in one shape. Matrices that are equal
 * to the last bit in two models which share nothing else are constants (anchors, position tables), not descent, and do
 * not count.
 */
export function kinshipOf(architecture: Architecture, i: number, j: number): Kinship {
  const [a, b] = [matricesOf(architecture, i), matricesOf(architecture, j)]
  const kinship = compare(a, b)
  const constants = sharesConstants(kinship) ? equalContents(a, b) : new Set<string>()
  return constants.size === 0 ? kinship : compare(without(a, constants), without(b, constants))
}

/** Whether two models descend from one another or from a common ancestor. */
export function isRelated({ cosine, z }: Kinship): boolean {
  return z > RELATED_Z && cosine > RELATED_COSINE
}

/** Positions within the architecture, ascending. */
export interface Kin {
  readonly families: readonly (readonly number[])[]
  /** Groups of models that were made from one initialisation and trained apart. */
  readonly startedAlike: readonly SameInitialisation[]
}

/**
 * Connected components of "related". Constants are left out everywhere, and so is a common start (same-initialisation.ts).
 * Only pairs that pass a screen are compared (screen.ts), and of these only such as would join two components.
 */
export function* findFamilies(architecture: Architecture): Steps<Kin> {
  const isStartOnly = initialisationTest(architecture)
  const all = architecture.members.map((_, member) => matricesOf(architecture, member))
  const constants = new Set<string>()
  for (;;) {
    const rows = all.map((row) => without(row, constants))
    const components = disjointSets(rows.length)
    const before = constants.size
    const apart: SameInitialisation[] = []
    yield* screenPairs(rows, (i, j) => {
      if (components.find(i) === components.find(j)) return
      const kinship = compare(rows[i]!, rows[j]!)
      if (sharesConstants(kinship)) for (const key of equalContents(rows[i]!, rows[j]!)) constants.add(key)
      else if (!isRelated(kinship)) return
      else if (isStartOnly(i, j, kinship.cosine)) apart.push({ members: [i, j], cosine: kinship.cosine })
      else components.join(i, j)
    })
    yield
    if (constants.size > before) continue
    // What is kin through others after all is no such pair.
    const strangers = apart.filter(({ members: [i, j] }) => components.find(i!) !== components.find(j!))
    return { families: components.groups(), startedAlike: strangers.reduce(joinPair, []) }
  }
}

function matricesOf({ tensors }: Architecture, member: number): Row {
  return tensors.map((row) => {
    const tensor = row[member]
    return tensor && isMatrix(tensor) && isWeight(tensor) ? tensor : undefined
  })
}

function without(row: Row, contents: ReadonlySet<string>): Row {
  return contents.size === 0
    ? row
    : row.map((tensor) => (tensor && contents.has(contentsKey(tensor)) ? undefined : tensor))
}

function compare(x: Row, y: Row): Kinship {
  const sum = { inner: 0, votes: 0, voters: 0, energyA: 0, energyB: 0, equal: 0 }
  x.forEach((a, slot) => {
    const b = y[slot]
    if (!a || !b || shapeKey(a) !== shapeKey(b)) return
    const { inner, variance } = centredInner(a, b)
    sum.inner += inner
    sum.votes += inner / Math.sqrt(variance)
    sum.voters++
    sum.energyA += centredEnergy(a)
    sum.energyB += centredEnergy(b)
    if (sameBytes(a, b)) sum.equal += centredEnergy(a)
  })
  const { inner, votes, voters, energyA, energyB, equal } = sum
  if (voters === 0) return NOTHING_COMMON
  const rest = Math.sqrt((energyA - equal) * (energyB - equal))
  return {
    cosine: inner / Math.sqrt(energyA * energyB),
    z: votes / Math.sqrt(voters),
    equalShare: equal / Math.max(energyA, energyB),
    restCosine: rest > 0 ? (inner - equal) / rest : 1,
  }
}

/** Equal matrices, and nothing in common in the others, which are at least half of the weight. */
function sharesConstants({ equalShare, restCosine }: Kinship): boolean {
  return equalShare > 0 && equalShare <= 0.5 && restCosine <= RELATED_COSINE
}

/** The matrices that are equal in two models. */
function equalContents(x: Row, y: Row): Set<string> {
  return new Set(x.flatMap((a, slot) => (a && y[slot] && sameBytes(a, y[slot]) ? [contentsKey(a)] : [])))
}
