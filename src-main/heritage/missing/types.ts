import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { BodySlot } from '../body.ts'
import type { Derivation } from '../exact/derivation.ts'
import { linkBetween, totalDistance } from '../link.ts'

/** A model that is in no file, and whose weights are known in part from what was made from it. */
export interface MissingModel {
  /** A member made from it, as a position in the body: it has as many layers. */
  readonly witness: number
  /** By slot of the body. */
  readonly tensors: readonly (TensorFingerprint | undefined)[]
  /** By slot: whether the numbers are the model's own to the last bit, not an estimate. */
  readonly exact: readonly boolean[]
  /** Members that were made from it without training. */
  readonly derived: readonly Untrained[]
  /** Members that a low-rank update made from it, or it from them. */
  readonly updates: readonly { readonly member: number; readonly rank: number }[]
}

/** A step without training, which proves its own direction. */
export interface Untrained {
  readonly type: Derivation['type']
  readonly child: number
}

/** The body with the missing models as further members. */
export function withMissing(body: readonly BodySlot[], missing: readonly MissingModel[]): BodySlot[] {
  return body.map((slot, at) => ({ ...slot, tensors: [...slot.tensors, ...missing.map(({ tensors }) => tensors[at])] }))
}

/** The body with only what is known of the missing models to the last bit. */
export function withExact(body: readonly BodySlot[], missing: readonly MissingModel[]): BodySlot[] {
  const known = ({ tensors, exact }: MissingModel, at: number): TensorFingerprint | undefined =>
    exact[at] ? tensors[at] : undefined
  return body.map((slot, at) => ({ ...slot, tensors: [...slot.tensors, ...missing.map((model) => known(model, at))] }))
}

/** Squared distances with those of further members of the body. */
export function extendDistances(distances: readonly Float64Array[], body: readonly BodySlot[]): Float64Array[] {
  const count = body[0]?.tensors.length ?? 0
  const all = Array.from({ length: count }, (_, a) =>
    Float64Array.from({ length: count }, (_, b) => distances[a]?.[b] ?? 0),
  )
  for (let a = distances.length; a < count; a++)
    for (let b = 0; b < a; b++) all[a]![b] = all[b]![a] = totalDistance(body, linkBetween(body, a, b))
  return all
}
