import { DTYPE_BITS } from '../../formats/dtype.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { BodySlot } from '../body.ts'
import { isUnchanged } from '../exact/exact.ts'
import { pairKey } from '../link.ts'
import { isWeight } from '../tensors.ts'
import { describeUpdate, type Update } from '../update.ts'
import { blockOf, branchingOf, lowRankSteps, type LowRankStep } from './low-rank-way.ts'
import { extendDistances, withMissing, type MissingModel } from './types.ts'

/** A share nearer to 0 or 1 is that end. */
const END = 0.1
/** A projection equals its square, a mixture of the two ends falls short by share · (1 − share): the limit is half way. */
const PROJECTION = 0.5
/** Models that branch off at one point agree in it within this. */
const SAME_POINT = 0.1
/** So many must do so: each measures the point anew. */
const BRANCHINGS = 2
/** Numerical ranks that should add up may miss by this share. */
const SAME_RANK = 1.2
/** Siblings that are looked at for each member: its nearest. */
const PARTNERS = 6

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
    const { type, rank } = updateBetween(body, i, j)
    if (type !== 'lora') continue
    const near = [...all.distances.keys()].filter((v) => !apart.has(v) && isNearBoth(all.distances, i, v, j))
    if (near.some((v) => isBetween(all.body, i, v, j, rank!))) continue
    const base = baseOf(body, distances, nodes, i, j)
    if (!base) continue
    found.push(base)
    const extended = withMissing(body, found)
    all = { body: extended, distances: extendDistances(all.distances, extended) }
  }
  return found
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
  const inside = nodes
    .filter((x) => distances[i]![x]! > 0 && distances[j]![x]! > 0)
    .map((x) => ({ x, ...branchingOf(body, steps, i, x) }))
    .filter(({ share, square }) => {
      const mixed = (share - square) / (share * (1 - share))
      return share > END && share < 1 - END && Math.abs(mixed) < PROJECTION
    })
    .sort((a, b) => a.share - b.share)
  const middle = inside[Math.floor(inside.length / 2)]
  const branches = inside.filter(({ share }) => Math.abs(share - middle!.share) < SAME_POINT)
  if (branches.length < BRANCHINGS) return null
  const rank = Math.max(...steps.map((step) => step.rank))
  const before = Math.round((rank * branches.reduce((sum, { share }) => sum + share, 0)) / branches.length)
  const tensors = rebuild(
    body,
    distances,
    steps,
    i,
    j,
    branches.map(({ x }) => x),
  )
  return {
    witness: i,
    ...tensors,
    derived: [],
    updates: [
      { member: i, rank: before },
      { member: j, rank: rank - before },
    ],
  }
}

/** The base as far as it is known: what i and j share, and i without its own part of the way to j. */
function rebuild(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  steps: readonly LowRankStep[],
  i: number,
  j: number,
  branches: readonly number[],
): Pick<MissingModel, 'tensors' | 'exact'> {
  const bySlot = new Map(steps.map((step) => [step.slot, step]))
  // Of bytes that nobody has seen: it has to differ from all others.
  const hash = new Uint8Array(Uint32Array.of(i, j).buffer)
  const known = body.map(({ tensors }, slot): { tensor: TensorFingerprint | undefined; exact: boolean } => {
    const [from, to] = [tensors[i], tensors[j]]
    if (!from || !to) return { tensor: undefined, exact: false }
    // Rounding to a coarser store came after.
    if (isUnchanged(from, to)) return { tensor: DTYPE_BITS[to.dtype] > DTYPE_BITS[from.dtype] ? to : from, exact: true }
    const step = bySlot.get(slot)
    return { tensor: step && { ...estimate(body, distances, step, i, branches), hash }, exact: false }
  })
  return { tensors: known.map(({ tensor }) => tensor), exact: known.map(({ exact }) => exact) }
}

/** Nearer models stray less from the base, hence their larger weight. */
function estimate(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  step: LowRankStep,
  i: number,
  branches: readonly number[],
): TensorFingerprint {
  const { tensors } = body[step.slot]!
  const from = tensors[i]!
  const sketch = Float64Array.from(from.sketch!)
  const columns = step.right[0]?.length ?? 0
  const witnesses = branches.filter((x) => tensors[x])
  const total = witnesses.reduce((sum, x) => sum + 1 / distances[i]![x]!, 0)
  for (const x of witnesses) {
    const weight = 1 / distances[i]![x]! / total
    blockOf(step, from, tensors[x]!).forEach((row, k) =>
      row.forEach((value, l) =>
        step.left[k]!.forEach((u, r) =>
          step.right[l]!.forEach((v, c) => (sketch[r * columns + c]! += weight * value * u * v)),
        ),
      ),
    )
  }
  const grown = energy(sketch) - energy(from.sketch!)
  const moments = { ...from.moments!, sumSquares: from.moments!.sumSquares + grown }
  return { ...from, sketch: Float32Array.from(sketch), moments, sample: null, grid: null }
}

function energy(values: Float32Array | Float64Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}
