import { minimumDirectedTree } from './directed-tree.ts'
import { equalityClasses, fineTuneDistances, isLowRank, loraDistances, type RankTables } from './distances.ts'
import { cluster } from './linkage.ts'
import { compareLayers, type LayerGroup } from './statistics.ts'
import type { MotherHeritage, MotherOptions, MotherRelation, Stage, WeightSource } from './types.ts'

/** Weight λ of the direction matrix beside the distances. */
const DIRECTION_WEIGHT = 0.3

/**
 * Model Tree Heritage Recovery (Horwitz, Shul, Hoshen: Unsupervised Model Tree Heritage Recovery, ICLR 2025,
 * arXiv 2405.18432): clusters the models into trees by weight distance, then finds in each the minimum directed spanning
 * tree of M = D + λK, where D holds the distances and K a penalty on every edge against the course of the kurtosis.
 * docs/mother.md says what the paper leaves open and how it is filled in here.
 */
export async function recoverByMother(source: WeightSource, { trees, stage }: MotherOptions): Promise<MotherHeritage> {
  const groups = await compareLayers(source)
  const everyone = Array.from({ length: source.models }, (_, model) => model)
  const families: MotherHeritage['families'][number][] = []
  const relations: MotherRelation[] = []
  for (const members of cluster(fineTuneDistances(groups, everyone), everyone.length, trees)) {
    if (members.length < 2) continue
    const found = await recoverTree(source, groups, members, stage)
    relations.push(...found)
    const children = new Set(found.map(({ child }) => child))
    const roots = members.filter((member) => !children.has(member))
    families.push({ members, ghosts: [], root: roots.length === 1 ? roots[0]! : null })
  }
  families.sort((a, b) => b.members.length - a.members.length || a.members[0]! - b.members[0]!)
  relations.sort((a, b) => a.child - b.child)
  return { families, relations }
}

async function recoverTree(
  source: WeightSource,
  groups: readonly LayerGroup[],
  members: readonly number[],
  stage: Stage,
): Promise<MotherRelation[]> {
  const n = members.length
  // Distances within a tree are comparable only over the layers that all of it has.
  const shared = groups.filter((group) => members.every((member) => group.members.includes(member)))
  const fineTune = fineTuneDistances(shared, members)
  const lora = (await isLowRank(source, shared, members, fineTune))
    ? await loraDistances(source, shared, members)
    : null
  const distances = overMean(lora?.mean ?? fineTune, n)
  const penalties = directionMatrix(kurtosisSums(shared, members), stage)
  const costs = distances.map((distance, edge) => distance + DIRECTION_WEIGHT * penalties[edge]!)
  return [...minimumDirectedTree(costs, n)].flatMap((parent, child) => {
    if (parent < 0) return []
    const edge = parent * n + child
    const facts = describePair(shared, members, parent, child, lora)
    return { ...facts, distance: distances[edge]!, kurtosisAgrees: penalties[edge] === 0 }
  })
}

/** D: the distances divided by their mean over all pairs, so that λ means the same for every tree. */
function overMean(distances: Float64Array, n: number): Float64Array {
  const finite = distances.filter((distance, pair) => pair % (n + 1) !== 0 && Number.isFinite(distance))
  const mean = finite.reduce((sum, distance) => sum + distance, 0) / finite.length
  return mean > 0 ? distances.map((distance) => distance / mean) : distances
}

/** The directional score of each model: the sum of the kurtoses of its layers. */
function kurtosisSums(groups: readonly LayerGroup[], members: readonly number[]): number[] {
  return members.map((member) => groups.reduce((sum, group) => sum + group.kurtosis[group.members.indexOf(member)]!, 0))
}

/** K: 1 for an edge parent → child along which the kurtosis does not go the way of the stage, else 0. */
export function directionMatrix(scores: readonly number[], stage: Stage): Uint8Array {
  const n = scores.length
  const matrix = new Uint8Array(n * n)
  for (let parent = 0; parent < n; parent++) {
    for (let child = 0; child < n; child++) {
      const growth = scores[child]! - scores[parent]!
      if (stage === 'specialization' ? growth > 0 : growth < 0) matrix[parent * n + child] = 1
    }
  }
  return matrix
}

function describePair(
  groups: readonly LayerGroup[],
  members: readonly number[],
  parent: number,
  child: number,
  lora: RankTables | null,
): Omit<MotherRelation, 'distance' | 'kurtosisAgrees'> {
  const [p, c] = [members[parent]!, members[child]!]
  let [square, norm, centredSquare, energyP, energyC, changedMatrices, matrices] = [0, 0, 0, 0, 0, 0, 0]
  for (const group of groups) {
    const [i, j] = [group.members.indexOf(p), group.members.indexOf(c)]
    const pair = i * group.members.length + j
    square += group.squares[pair]!
    centredSquare += group.centredSquares[pair]!
    norm += group.norms[i]!
    energyP += group.energies[i]!
    energyC += group.energies[j]!
    matrices += group.layers.length
    changedMatrices += group.layers.filter((layer) => new Set(equalityClasses(layer, [p, c])).size > 1).length
  }
  const energies = Math.sqrt(energyP * energyC)
  return {
    parent: p,
    child: c,
    type: lora ? 'lora' : 'fine-tune',
    measure: lora ? 'lora' : 'ft',
    directed: true,
    support: 0,
    directionSupport: null,
    siblingCosine: null,
    weight: null,
    rank: lora ? lora.largest[parent * members.length + child]! : null,
    relativeChange: norm > 0 ? Math.sqrt(square / norm) : 0,
    cosine: energies > 0 ? Math.max(-1, Math.min(1, (energyP + energyC - centredSquare) / 2 / energies)) : 0,
    changedMatrices,
    matrices,
  }
}
