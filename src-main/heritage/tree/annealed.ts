import { Matrix, SVD } from 'ml-matrix'
import type { BodySlot } from '../body.ts'
import { sketchShape } from '../rank.ts'

/** The singular directions of a step are looked at in so many parts of equal energy; the last is like noise. */
const PARTS = 4
/** A descendant carries at most the whole of its ancestor's step, and this much more by training on. */
const WHOLE = 1.1
/** Standard errors beyond the whole: chance reaches it once in 30,000 tries. */
export const SURE = 4

/** A step between two models in one tensor: where it starts, and its noise-like singular directions. */
interface Step {
  readonly from: Float32Array
  readonly noisy: readonly { readonly left: Float64Array; readonly right: Float64Array; readonly size: number }[]
}

/**
 * Whether f is a short, low-rate fine-tune of h that took back part of h's own jitter, proven by any of the distant models
 * `others`. A checkpoint of a run at a high learning rate carries noise that no other model has; what was trained on from h
 * loses all of it, f only a part. Measured along the step e = f − h in its noise-like directions, such a model x lies
 * beyond f, ⟨x − h, e⟩ > ‖e‖², which no descendant of f does: it contains e once at most. Then x belongs to h, although it
 * lies nearer to f.
 */
export function isAnnealedLeaf(body: readonly BodySlot[], h: number, f: number, others: readonly number[]): boolean {
  const steps = stepsBetween(body, h, f)
  return others.some((x) => {
    const { share, error } = shareOfStep(steps, x)
    return share > WHOLE && share - 1 > SURE * error
  })
}

/**
 * Whether f moves from h the way that other short fine-tunes of h do, `siblings`: in its noise-like directions each takes
 * back a part of the same jitter, ⟨y − h, f − h⟩ > 0. What was trained from a child of f would share nothing with that step.
 */
export function isSibling(body: readonly BodySlot[], h: number, f: number, siblings: readonly number[]): boolean {
  const steps = stepsBetween(body, h, f)
  return siblings.some((y) => {
    const { share, error } = shareOfStep(steps, y)
    return share > SURE * error
  })
}

function stepsBetween(body: readonly BodySlot[], h: number, f: number): [BodySlot, Step][] {
  return body.flatMap((slot): [BodySlot, Step][] => {
    const step = slot.matrix && slot.inStack ? stepBetween(slot, h, f) : null
    return step ? [[slot, step]] : []
  })
}

function stepBetween({ tensors }: BodySlot, h: number, f: number): Step | null {
  const from = tensors[h]
  const to = tensors[f]
  if (!from?.sketch || !to?.sketch) return null
  const { rows, columns } = sketchShape(from)
  const difference = new Matrix(rows, columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) difference.set(i, j, to.sketch[i * columns + j]! - from.sketch[i * columns + j]!)
  }
  return { from: from.sketch, noisy: noisyDirections(new SVD(difference, { autoTranspose: true }), rows, columns) }
}

/** How much of the noise-like part of the step x contains: 0 for none, 1 for all of it; with its standard error. */
function shareOfStep(steps: readonly (readonly [BodySlot, Step])[], x: number): { share: number; error: number } {
  let along = 0
  let energy = 0
  let variance = 0
  for (const [{ tensors }, step] of steps) {
    const target = tensors[x]?.sketch
    if (!target) continue
    const { way, decay, square } = wayFrom(step.from, target)
    for (const { left, right, size } of step.noisy) {
      along += (project(way, left, right) * size) / decay
      energy += size * size
      variance += ((square / way.length) * size * size) / (decay * decay)
    }
  }
  return energy === 0 ? { share: 0, error: Infinity } : { share: along / energy, error: Math.sqrt(variance) / energy }
}

/** Weight decay has shrunk what x kept of its ancestor: x − decay · from, with the decay that fits best, at least .05. */
function wayFrom(from: Float32Array, x: Float32Array): { way: Float64Array; decay: number; square: number } {
  let product = 0
  let norm = 0
  for (let i = 0; i < x.length; i++) {
    product += x[i]! * from[i]!
    norm += from[i]! * from[i]!
  }
  const decay = Math.max(0.05, product / norm)
  const way = Float64Array.from(x, (value, i) => value - decay * from[i]!)
  return { way, decay, square: way.reduce((sum, value) => sum + value * value, 0) }
}

function noisyDirections(svd: SVD, rows: number, columns: number): Step['noisy'] {
  const sizes = svd.diagonal
  const total = sizes.reduce((sum, size) => sum + size * size, 0)
  let passed = 0
  return sizes.flatMap((size, k) => {
    const part = Math.floor((passed / total) * PARTS)
    passed += size * size
    if (part < PARTS - 1) return []
    const left = Float64Array.from({ length: rows }, (_, i) => svd.leftSingularVectors.get(i, k))
    const right = Float64Array.from({ length: columns }, (_, j) => svd.rightSingularVectors.get(j, k))
    return [{ left, right, size }]
  })
}

/** leftᵀ · way · right. */
function project(way: Float64Array, left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let i = 0; i < left.length; i++) {
    let row = 0
    for (let j = 0; j < right.length; j++) row += way[i * right.length + j]! * right[j]!
    sum += left[i]! * row
  }
  return sum
}
