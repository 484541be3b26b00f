import { resample, seededRandom } from '../tree/random.ts'
import { minimumSpanningTree } from '../tree/spanning-tree.ts'
import { sketchDistance, sketchInner } from '../tensors.ts'
import { REPLICATES } from '../../contract/graph.ts'
import type { LowRankUpdate } from './factors.ts'

/** One step from a checkpoint of a run to a later one. Positions in the list of adapters. */
export interface RunStep {
  readonly parent: number
  readonly child: number
  readonly support: number
  readonly directionSupport: number
  /** Of the factors A. */
  readonly cosine: number
  /** ⟨B, B'⟩ / min(‖B‖², ‖B'‖²). */
  readonly retained: number
}

/** Adapters that are checkpoints of one training run. */
export interface AdapterRun {
  /** Ascending. */
  readonly members: readonly number[]
  /** The earliest checkpoint. */
  readonly first: number
  readonly steps: readonly RunStep[]
}

/**
 * Checkpoints of a run measured at least .337 and .998, other runs from the same seeded start .92 and at most .319, others at most .04. Either number
 * alone fails: A stays near its random start, B·A is alike for runs on the same data.
 */
const SAME_START = 0.2
const SAME_RUN = 0.65

/**
 * Groups adapters into runs, a run of its own for each that has no companion, and orders the checkpoints of each: the spanning tree
 * on ‖A − A'‖², from that of its ends whose update B·A is smallest.
 */
export function findRuns(adapters: readonly (readonly LowRankUpdate[])[]): AdapterRun[] {
  const unseen = new Set(adapters.keys())
  const runs: AdapterRun[] = []
  for (const start of unseen) {
    const members = [start]
    unseen.delete(start)
    for (const member of members) {
      for (const other of unseen) {
        if (!isSameRun(adapters[member]!, adapters[other]!)) continue
        members.push(other)
        unseen.delete(other)
      }
    }
    members.sort((a, b) => a - b)
    runs.push(orderRun(members, adapters))
  }
  return runs
}

function isSameRun(x: readonly LowRankUpdate[], y: readonly LowRankUpdate[]): boolean {
  if (x.length !== y.length || x.length === 0) return false
  const alike = x.every(({ module, rows, columns, rank }, i) => {
    const other = y[i]!
    return module === other.module && rows === other.rows && columns === other.columns && rank === other.rank
  })
  if (!alike) return false
  const { cosine, retained } = compareFactors(x, y)
  return cosine > SAME_START && retained > SAME_RUN
}

function compareFactors(
  x: readonly LowRankUpdate[],
  y: readonly LowRankUpdate[],
): { cosine: number; retained: number } {
  const total = (factor: 'a' | 'b', left: readonly LowRankUpdate[], right: readonly LowRankUpdate[]): number =>
    left.reduce((sum, update, i) => sum + sketchInner(update[factor], right[i]![factor]), 0)
  return {
    cosine: total('a', x, y) / Math.sqrt(total('a', x, x) * total('a', y, y)),
    retained: total('b', x, y) / Math.min(total('b', x, x), total('b', y, y)),
  }
}

interface Order {
  readonly first: number
  readonly steps: readonly { readonly parent: number; readonly child: number }[]
}

/** Support as for models: bootstrap replicates over the adapted matrices. */
function orderRun(members: readonly number[], adapters: readonly (readonly LowRankUpdate[])[]): AdapterRun {
  const updates = members.map((member) => adapters[member]!)
  const matrices = updates[0]!.length
  const pairs = members.flatMap((_, a) => members.slice(a + 1).map((_, i) => ({ a, b: a + 1 + i })))
  const distances = pairs.map(({ a, b }) =>
    Float64Array.from(updates[a]!, (update, i) => sketchDistance(update.a, updates[b]![i]!.a)),
  )
  const energies = updates.map((own) =>
    Float64Array.from(own, ({ sketch }) => sketch.reduce((sum, x) => sum + x * x, 0)),
  )
  const order = (weights: Float64Array): Order => {
    const tree = minimumSpanningTree(
      members.length,
      pairs,
      distances.map((own) => weighted(own, weights)),
    )
    return orient(
      tree.map((index) => pairs[index]!),
      energies.map((own) => weighted(own, weights)),
    )
  }
  const { first, steps } = order(new Float64Array(matrices).fill(1))
  const random = seededRandom(matrices * members.length)
  const held = steps.map(() => ({ either: 0, same: 0 }))
  for (let replicate = 0; steps.length > 0 && replicate < REPLICATES; replicate++) {
    const drawn = order(resample(matrices, random)).steps
    steps.forEach(({ parent, child }, i) => {
      const same = drawn.some((step) => step.parent === parent && step.child === child)
      const turned = drawn.some((step) => step.parent === child && step.child === parent)
      held[i]!.either += Number(same || turned)
      held[i]!.same += Number(same)
    })
  }
  return {
    members,
    first: members[first]!,
    steps: steps.map(({ parent, child }, i) => ({
      parent: members[parent]!,
      child: members[child]!,
      support: held[i]!.either / REPLICATES,
      directionSupport: held[i]!.same / REPLICATES,
      ...compareFactors(updates[parent]!, updates[child]!),
    })),
  }
}

/** Turns the links of a tree away from that of its ends with the smallest energy. */
function orient(links: readonly { readonly a: number; readonly b: number }[], energies: readonly number[]): Order {
  const degree = (node: number): number => links.filter(({ a, b }) => a === node || b === node).length
  const ends = [...energies.keys()].filter((node) => degree(node) <= 1)
  const first = ends.reduce((least, end) => (energies[end]! < energies[least]! ? end : least))
  const reached = new Set([first])
  const steps: { parent: number; child: number }[] = []
  for (const parent of reached) {
    for (const { a, b } of links) {
      const child = a === parent ? b : b === parent ? a : parent
      if (reached.has(child)) continue
      reached.add(child)
      steps.push({ parent, child })
    }
  }
  return { first, steps }
}

function weighted(values: Float64Array, weights: Float64Array): number {
  return values.reduce((sum, value, i) => sum + weights[i]! * value, 0)
}
