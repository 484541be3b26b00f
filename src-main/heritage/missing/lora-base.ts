import type { BodySlot } from '../body.ts'
import { isUnchanged } from '../exact/exact.ts'
import { pairKey } from '../link.ts'
import { isWeight } from '../tensors.ts'
import { describeUpdate, type Update } from '../update.ts'
import { blockOf, directionsBefore, lowRankSteps, shareBefore, type LowRankStep } from './low-rank-way.ts'
import { rebuild } from './rebuild.ts'
import { extendDistances, withMissing, type MissingModel } from './types.ts'

/** Share of the matrices in which the ranks must be the same: measured 1 for missing bases, at most half in chains. */
const ALIKE = 0.9
/** Models that branch off at one point agree in it within this. */
const SAME_POINT = 0.1
/** So many must do so: each measures the point anew. */
const BRANCHINGS = 2
/** A weaker update is not told from the chance likeness of steps: up to .05 of the energy in chains. */
const LEAST_ENERGY = 0.06
/** Numerical ranks that should add up may miss by this share. */
const SAME_RANK = 1.2
/** Two estimates of one model differ by the noise of their blocks, two models by a whole update. */
const SAME_MODEL = 0.5
/** Siblings that are looked at for each member: its nearest. */
const PARTNERS = 3

/**
 * Looks for the missing base of two merged LoRA updates. All that neither adapted is equal in both, and is the base's. The
 * matrices that they adapted are the base's too but for a block of (r + s)² numbers where the updates lie; it is filled
 * from the models that branch off there. That the base lies between the two, and is not one of them, is what those show.
 *
 * @param distances squared distances between all members
 * @param apart members whose origin is known
 */
export function findLoraBases(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  apart: ReadonlySet<number>,
): MissingModel[] {
  const nodes = [...distances.keys()].filter((node) => !apart.has(node))
  const found: MissingModel[] = []
  let all = { body, distances }
  for (const [i, j] of closePairs(body, nodes, distances)) {
    if (nodes.filter((x) => mayBranchOff(distances, i, x, j)).length < BRANCHINGS) continue
    const { type, rank } = updateBetween(body, i, j)
    if (type !== 'lora') continue
    // Derivatives too: a base that was trained on may be there as a cast alone.
    const near = [...all.distances.keys()].filter((v) => isNearBoth(all.distances, i, v, j))
    if (near.some((v) => isBetween(all.body, i, v, j, rank!))) continue
    const base = baseOf(body, distances, nodes, i, j)
    if (!base) continue
    const extended = withMissing(body, [...found, base])
    const lengths = extendDistances(all.distances, extended)
    const same = found.findIndex((_, at) => isSame(lengths, distances.length + at, i, j))
    if (same < 0) {
      found.push(base)
      all = { body: extended, distances: lengths }
    } else found[same] = { ...found[same]!, updates: joinUpdates(found[same]!.updates, base.updates) }
  }
  return found
}

/** Whether the newest model is nearer to one found before than to the two that show it: then it is the same. */
function isSame(distances: readonly Float64Array[], before: number, i: number, j: number): boolean {
  const newest = distances.at(-1)!
  return newest[before]! < SAME_MODEL * Math.min(newest[i]!, newest[j]!)
}

function joinUpdates(known: MissingModel['updates'], more: MissingModel['updates']): MissingModel['updates'] {
  return [...known, ...more.filter(({ member }) => known.every((update) => update.member !== member))]
}

/** Each member with its nearest among those that have a trained tensor in common with it, unchanged; the closest first. */
function closePairs(
  body: readonly BodySlot[],
  nodes: readonly number[],
  distances: readonly Float64Array[],
): [number, number][] {
  const pairs = new Map<string, [number, number]>()
  for (const i of nodes) {
    const kin = nodes.filter((j) => j !== i && distances[i]![j]! > 0 && sharesTensor(body, i, j))
    kin.sort((a, b) => distances[i]![a]! - distances[i]![b]!)
    for (const j of kin.slice(0, PARTNERS)) pairs.set(pairKey(i, j), finerFirst(body, i, j))
  }
  return [...pairs.values()].sort(([a, b], [c, d]) => distances[a]![b]! - distances[c]![d]!)
}

function sharesTensor(body: readonly BodySlot[], i: number, j: number): boolean {
  return body.some(({ inStack, tensors }) => {
    const [x, y] = [tensors[i], tensors[j]]
    return inStack && x && y && isWeight(x) && isUnchanged(x, y)
  })
}

/** The finer store first: the floor of rounding is that of the coarser one. */
function finerFirst(body: readonly BodySlot[], i: number, j: number): [number, number] {
  const spacing = (node: number): number =>
    body.reduce((sum, { tensors }) => sum + (tensors[node]?.moments?.spacingSquares ?? 0), 0)
  return spacing(i) <= spacing(j) ? [i, j] : [j, i]
}

function updateBetween(body: readonly BodySlot[], i: number, j: number): Update {
  return describeUpdate(body, ...finerFirst(body, i, j))
}

/** Ranks add up along the way that LoRA updates take. */
function isBetween(body: readonly BodySlot[], i: number, v: number, j: number, rank: number): boolean {
  const first = updateBetween(body, i, v)
  if (first.type !== 'lora' || first.rank! >= rank) return false
  const second = updateBetween(body, v, j)
  return second.type === 'lora' && first.rank! + second.rank! <= SAME_RANK * rank
}

/** Of the energy of the way a share lies before the branching: none or all for what hangs from an end of a chain. */
function mayBranchOff(distances: readonly Float64Array[], i: number, x: number, j: number): boolean {
  const [toI, toJ, way] = [distances[i]![x]!, distances[j]![x]!, distances[i]![j]!]
  const before = (toI + way - toJ) / (2 * way)
  return toI > 0 && toJ > 0 && before > LEAST_ENERGY && before < 1 - LEAST_ENERGY
}

function isNearBoth(distances: readonly Float64Array[], i: number, v: number, j: number): boolean {
  return v !== i && v !== j && Math.max(distances[i]![v]!, distances[v]![j]!) <= 2 * distances[i]![j]!
}

function baseOf(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  nodes: readonly number[],
  i: number,
  j: number,
): MissingModel | null {
  const steps = lowRankSteps(body, i, j)
  const shares = nodes
    .filter((x) => mayBranchOff(distances, i, x, j))
    .map((x) => ({ x, share: shareBefore(body, steps, i, x) }))
    .sort((a, b) => a.share - b.share)
  const middle = shares[Math.floor(shares.length / 2)]?.share ?? NaN
  const branches = shares.filter(({ share }) => Math.abs(share - middle) < SAME_POINT).map(({ x }) => x)
  if (branches.length < BRANCHINGS) return null
  const ways = steps.map((step) => ({ step, block: meanBlock(body, distances, step, i, branches) }))
  const before = commonCount(ways.map(({ step, block }) => directionsBefore(step, block)))
  const rank = Math.max(...steps.map((step) => step.rank))
  if (before === null || before === 0 || before >= rank) return null
  return {
    witness: i,
    ...rebuild(body, ways, i, j),
    derived: [],
    updates: [
      { member: i, rank: before },
      { member: j, rank: rank - before },
    ],
  }
}

/** The count that almost all matrices have in common: an update has one rank, while chance gives each another. */
function commonCount(counts: readonly number[]): number | null {
  const middle = [...counts].sort((a, b) => a - b)[Math.floor(counts.length / 2)]!
  return counts.filter((count) => count === middle).length >= ALIKE * counts.length ? middle : null
}

/** The way from i to the base in the directions of a step: nearer models stray less from it, hence their larger weight. */
function meanBlock(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  step: LowRankStep,
  i: number,
  branches: readonly number[],
): number[][] {
  const { tensors } = body[step.slot]!
  const witnesses = branches.filter((x) => tensors[x])
  const total = witnesses.reduce((sum, x) => sum + 1 / distances[i]![x]!, 0)
  const mean = step.sizes.map(() => step.sizes.map(() => 0))
  for (const x of witnesses) {
    const weight = 1 / distances[i]![x]! / total
    blockOf(step, tensors[i]!, tensors[x]!).forEach((row, k) =>
      row.forEach((value, l) => (mean[k]![l]! += weight * value)),
    )
  }
  return mean
}
