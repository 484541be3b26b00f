import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { DIRECTION_KNOWN } from '../describe.ts'
import type { LowRankUpdate } from './factors.ts'
import type { Placement } from './place.ts'
import type { RunStep } from './runs.ts'
import type { AdapterRelation } from './types.ts'

/** An adapter below its base. Its scale is in no weights: the change is that of a scale of 1. */
export function describePlacement(
  { base, support, evidence, matrices }: Placement,
  updates: readonly LowRankUpdate[],
  child: number,
): AdapterRelation {
  const inner = total(
    matrices.map(({ sketch }) => sketch!),
    updates,
  )
  const energy = matrices.reduce((sum, { moments }) => sum + moments!.sumSquares, 0)
  const change = total(
    updates.map(({ sketch }) => sketch),
    updates,
  )
  return {
    parent: base,
    child,
    type: 'adapter',
    directed: true,
    support,
    directionSupport: 1,
    weight: null,
    rank: Math.max(...updates.map(({ rank }) => rank)),
    relativeChange: Math.sqrt(change / energy),
    cosine: (energy + inner) / Math.sqrt(energy * (energy + 2 * inner + change)),
    changedMatrices: updates.length,
    matrices: updates.length,
    evidence,
  }
}

/** A checkpoint of a run below an earlier one. */
export function describeStep(
  { parent, child, support, directionSupport, cosine, retained }: RunStep,
  adapters: readonly (readonly LowRankUpdate[])[],
  nodeOf: (adapter: number) => number,
): AdapterRelation {
  const [before, after] = [adapters[parent]!, adapters[child]!]
  const inner = total(
    before.map(({ sketch }) => sketch),
    after,
  )
  const [x, y] = [before, after].map((updates) =>
    total(
      updates.map(({ sketch }) => sketch),
      updates,
    ),
  ) as [number, number]
  return {
    parent: nodeOf(parent),
    child: nodeOf(child),
    type: 'fine-tune',
    directed: directionSupport >= DIRECTION_KNOWN,
    support,
    directionSupport,
    weight: null,
    rank: null,
    relativeChange: Math.sqrt(Math.max(0, x + y - 2 * inner) / x),
    cosine: inner / Math.sqrt(x * y),
    changedMatrices: after.length,
    matrices: after.length,
    evidence: { by: 'run', cosine, retained },
  }
}

/** Σ over matrices of the inner product of a sketch with that of an update. */
function total(
  sketches: readonly NonNullable<TensorFingerprint['sketch']>[],
  updates: readonly LowRankUpdate[],
): number {
  return updates.reduce(
    (sum, { sketch }, i) => sum + sketch.reduce((part, x, cell) => part + x * sketches[i]![cell]!, 0),
    0,
  )
}
