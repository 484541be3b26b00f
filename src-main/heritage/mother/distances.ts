import { differenceRank } from './rank.ts'
import type { ComparedLayer, LayerGroup } from './statistics.ts'
import type { WeightSource } from './types.ts'
import { visitPairs } from './visit.ts'

/** Ranks up to this share of the smaller side of a matrix are low: what a merged LoRA leaves. */
const LOW_RANK_SHARE = 0.5

/** Pair tables are |members|², row by row. */
export interface RankTables {
  /** Mean rank over the layers. */
  readonly mean: Float64Array
  readonly largest: Int32Array
}

/**
 * ℓ_FT: root mean square difference, averaged over the layers that both models of a pair have; infinite where they
 * have none in common, or where a difference is not a number.
 */
export function fineTuneDistances(groups: readonly LayerGroup[], members: readonly number[]): Float64Array {
  const n = members.length
  const sums = new Float64Array(n * n)
  const counts = new Float64Array(n * n)
  for (const group of groups) {
    const at = members.map((member) => group.members.indexOf(member))
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        if (a === b || at[a]! < 0 || at[b]! < 0) continue
        sums[a * n + b]! += group.differences[at[a]! * group.members.length + at[b]!]!
        counts[a * n + b]! += group.layers.length
      }
    }
  }
  return sums.map((sum, pair) => (Number.isFinite(sum / counts[pair]!) ? sum / counts[pair]! : Infinity))
}

/** ℓ_LoRA: rank of the difference, averaged over the layers; layers that are equal throughout are not read again. */
export async function loraDistances(
  source: WeightSource,
  groups: readonly LayerGroup[],
  members: readonly number[],
): Promise<RankTables> {
  const n = members.length
  const sums = new Float64Array(n * n)
  const largest = new Int32Array(n * n)
  let layers = 0
  for (const layer of groups.flatMap((group) => group.layers)) {
    layers++
    const classes = equalityClasses(layer, members)
    const distinct = members.filter((_, position) => classes.indexOf(classes[position]!) === position)
    if (distinct.length < 2) continue
    const ranks = await ranksOfPairs(source, layer, distinct)
    const at = classes.map((first) => distinct.indexOf(members[classes.indexOf(first)]!))
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        const rank = ranks[at[a]! * distinct.length + at[b]!]!
        sums[a * n + b]! += rank
        largest[a * n + b] = Math.max(largest[a * n + b]!, rank)
      }
    }
  }
  return { mean: sums.map((sum) => sum / layers), largest }
}

/**
 * Whether the updates of a tree are low-rank ones: the median rank between nearest models, over the half of the smaller
 * side. One layer is looked at: the one with the largest smaller side among those that differ most often.
 *
 * @param distances ℓ_FT among the members
 */
export async function isLowRank(
  source: WeightSource,
  groups: readonly LayerGroup[],
  members: readonly number[],
  distances: Float64Array,
): Promise<boolean> {
  const nearest = nearestPairs(distances, members.length)
  let best: { layer: ComparedLayer; differing: [number, number][] } | null = null
  for (const layer of groups.flatMap((group) => group.layers)) {
    const classes = equalityClasses(layer, members)
    const differing = nearest.filter(([a, b]) => classes[a] !== classes[b])
    if (best === null || isBetterProbe(layer, differing.length, best.layer, best.differing.length))
      best = { layer, differing }
  }
  if (best === null || best.differing.length === 0) return false
  const { layer, differing } = best
  const ranks: number[] = []
  for (const [a, b] of differing) ranks.push((await ranksOfPairs(source, layer, [members[a]!, members[b]!]))[1]!)
  ranks.sort((x, y) => x - y)
  return ranks[ranks.length >> 1]! <= LOW_RANK_SHARE * smallerSide(layer)
}

function isBetterProbe(layer: ComparedLayer, differing: number, best: ComparedLayer, bestDiffering: number): boolean {
  if (differing !== bestDiffering) return differing > bestDiffering
  return smallerSide(layer) > smallerSide(best)
}

function smallerSide({ rows, columns }: ComparedLayer): number {
  return Math.min(rows, columns)
}

/** Each model with the one nearest to it, as positions, every pair once. */
function nearestPairs(distances: Float64Array, n: number): [number, number][] {
  const pairs = new Map<string, [number, number]>()
  for (let a = 0; a < n; a++) {
    let nearest = a === 0 ? 1 : 0
    for (let b = 0; b < n; b++) if (b !== a && distances[a * n + b]! < distances[a * n + nearest]!) nearest = b
    const pair: [number, number] = a < nearest ? [a, nearest] : [nearest, a]
    pairs.set(pair.join(), pair)
  }
  return [...pairs.values()]
}

/** By position in `members`: equal numbers for equal matrices. */
export function equalityClasses(layer: ComparedLayer, members: readonly number[]): number[] {
  return members.map((member) => layer.equalTo[layer.members.indexOf(member)]!)
}

async function ranksOfPairs(
  source: WeightSource,
  layer: ComparedLayer,
  members: readonly number[],
): Promise<Int32Array> {
  const n = members.length
  const ranks = new Int32Array(n * n)
  await visitPairs(source, layer, members, [0, layer.rows * layer.columns], {
    pair: (a, b, x, y) => {
      ranks[a * n + b] = ranks[b * n + a] = differenceRank(x, y, layer.rows, layer.columns)
    },
  })
  return ranks
}
