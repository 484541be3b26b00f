import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { alignModels, type Architecture } from '../align/align.ts'
import { tensorKey } from '../align/names.ts'
import { bodyOf, type BodySlot } from '../body.ts'
import { shapeKey } from '../tensors.ts'
import type { HeritageModel } from '../types.ts'

/** A tensor of one model and its counterpart of the same shape in another. */
export interface TensorPair {
  readonly a: TensorFingerprint
  readonly b: TensorFingerprint
}

/** Two models, tensor beside tensor. */
export interface AlignedPair {
  /** Of the two alone: a is member 0, b member 1. */
  readonly architecture: Architecture
  /** The weights by which the two are compared as a whole, as `bodyOf` gives them. */
  readonly body: readonly BodySlot[]
  /** In the order of the architecture. */
  readonly tensors: readonly TensorPair[]
  /** Names of tensors without a counterpart, or with one of another shape. */
  readonly unmatched: readonly { readonly model: 'a' | 'b'; readonly tensor: string }[]
}

/** Finds which tensors of two models correspond; null where fewer than half of the weights do. */
export function alignPair(a: HeritageModel, b: HeritageModel): AlignedPair | null {
  const [architecture, other] = alignModels([a, b])
  if (!architecture || other) return null
  const tensors: TensorPair[] = []
  const unmatched: { model: 'a' | 'b'; tensor: string }[] = []
  for (const [x, y] of architecture.tensors) {
    if (x && y && shapeKey(x) === shapeKey(y)) tensors.push({ a: x, b: y })
    else {
      if (x) unmatched.push({ model: 'a', tensor: tensorKey(x) })
      if (y) unmatched.push({ model: 'b', tensor: tensorKey(y) })
    }
  }
  return { architecture, body: bodyOf(architecture, [0, 1]), tensors, unmatched }
}

/** The matrices of the body that both models have. */
export function bodyMatrices({ body }: AlignedPair): TensorPair[] {
  return body.flatMap(({ matrix, tensors: [a, b] }) => (matrix && a && b ? [{ a, b }] : []))
}
