import type { TensorFingerprint } from '../fingerprint/types.ts'

/** Matrices with fewer elements say too little to be matched or compared on their own. */
export const SMALLEST_MATRIX = 512

const FLOAT_DTYPES = new Set(['F64', 'F32', 'F16', 'BF16'])

export function elementCount(tensor: TensorFingerprint): number {
  return tensor.shape.reduce((product, dimension) => product * dimension, 1)
}

/** Measured numbers in a plain floating-point store; where there are moments there is a sketch. */
export function isFloatTensor(tensor: TensorFingerprint): boolean {
  return FLOAT_DTYPES.has(tensor.dtype) && tensor.moments !== null
}

/** What training changes: a float tensor that is not constant. */
export function isWeight(tensor: TensorFingerprint): boolean {
  return isFloatTensor(tensor) && tensor.moments!.variance > 0
}

export function isMatrix(tensor: TensorFingerprint): boolean {
  return tensor.shape.filter((dimension) => dimension > 1).length >= 2 && elementCount(tensor) >= SMALLEST_MATRIX
}

export function shapeKey(tensor: TensorFingerprint): string {
  return tensor.shape.join('x')
}

/** Equal bytes in the store: the hash is over all of them. */
export function sameBytes(a: TensorFingerprint, b: TensorFingerprint): boolean {
  if (a === b) return true
  if (a.dtype !== b.dtype || a.hash.length !== b.hash.length) return false
  for (let i = 0; i < a.hash.length; i++) if (a.hash[i] !== b.hash[i]) return false
  return true
}

/** Equal for two tensors with the same bytes in the same kind of store. */
export function contentsKey({ dtype, hash }: TensorFingerprint): string {
  return `${dtype}:${String.fromCharCode(...hash)}`
}

/** Inner product of two tensors of one shape, estimated without bias from their sketches. */
export function sketchInner(a: TensorFingerprint, b: TensorFingerprint): number {
  const x = a.sketch!
  const y = b.sketch!
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}

/** Squared L2 distance of two tensors of one shape, estimated without bias from their sketches. */
export function sketchDistance(a: TensorFingerprint, b: TensorFingerprint): number {
  const x = a.sketch!
  const y = b.sketch!
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    const d = x[i]! - y[i]!
    sum += d * d
  }
  return sum
}

/** A tensor of a model that is in no file, known from a derivative that lost something of it. */
export interface RestoredTensor extends TensorFingerprint {
  readonly derivative: TensorFingerprint
  /** Squared length of what the derivative lost. */
  readonly error: number
  /** The sampled elements that are known nevertheless; NaN for the others. */
  readonly known: Float64Array
}

/**
 * Squared L2 distance of two tensors of one shape. What a derivative lost is in none of the others, and makes it farther than
 * its source from all of them.
 */
export function tensorDistance(a: TensorFingerprint, b: TensorFingerprint): number {
  if (sameBytes(a, b)) return 0
  return Math.max(0, sketchDistance(a, b) - errorTowards(a, b) - errorTowards(b, a))
}

export function isRestored(tensor: TensorFingerprint): tensor is RestoredTensor {
  return 'error' in tensor
}

/** Whether the elements were not read from a file: the tensor of a missing model, in whole or in part inferred. */
export function isInferred(tensor: TensorFingerprint): boolean {
  return isRestored(tensor) || (tensor.sketch !== null && tensor.sample === null)
}

function errorTowards(a: TensorFingerprint, b: TensorFingerprint): number {
  if (!isRestored(a)) return 0
  return sameBytes(a.derivative, b) ? -a.error : a.error
}

/** Sum of squares about the mean. */
export function centredEnergy(tensor: TensorFingerprint): number {
  const moments = tensor.moments!
  return moments.variance * moments.count
}

/**
 * Inner product of the centred tensors, and its standard deviation if the two were independent: a sketch of K cells
 * carries K independent products, each with variance ‖x‖²‖y‖²/K² (exact where K is the number of elements).
 */
export function centredInner(a: TensorFingerprint, b: TensorFingerprint): { inner: number; variance: number } {
  const inner = sketchInner(a, b) - a.moments!.mean * b.moments!.mean * a.moments!.count
  return { inner, variance: (centredEnergy(a) * centredEnergy(b)) / a.sketch!.length }
}

/**
 * Cosine of the centred tensors, -1 to 1. Of the two unbiased estimates the surer one: from the distance (its error is a
 * share of the distance) where the tensors are near each other, else from the inner product (a share of the norms).
 */
export function centredCosine(a: TensorFingerprint, b: TensorFingerprint): number {
  const norms = Math.sqrt(centredEnergy(a) * centredEnergy(b))
  const mean = (centredEnergy(a) + centredEnergy(b)) / 2
  const shift = a.moments!.mean - b.moments!.mean
  const distance = sameBytes(a, b) ? 0 : sketchDistance(a, b) - shift * shift * a.moments!.count
  const inner = distance < mean ? mean - distance / 2 : centredInner(a, b).inner
  return Math.max(-1, Math.min(1, inner / norms))
}
