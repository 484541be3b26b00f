import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { BodySlot } from '../body.ts'
import { solve } from './linear-system.ts'
import { sameBytes } from '../tensors.ts'

/** How well a model is a combination of others, tensor by tensor. */
export interface PlaneFit {
  /** Median over tensors of the squared residual in units of the rounding of the model's own store. */
  readonly residual: number
  /** Median coefficient of each node. */
  readonly weights: readonly number[]
}

/** So many tensors beyond the limit, and none within, are enough to give up. */
const ENOUGH_MISSES = 3
/** Cells of a sketch that are looked at first. */
const FIRST_CELLS = 512

/**
 * Least squares of the child's sketch on those of the nodes, free in every tensor. Tensors that equal one of the nodes,
 * or are equal in two of them, say nothing. Null if no tensor can be compared, or the residual is plainly above `limit`.
 */
export function fitInPlane(
  slots: readonly BodySlot[],
  child: number,
  nodes: readonly number[],
  limit = Infinity,
): PlaneFit | null {
  const residuals: number[] = []
  const weights: number[][] = nodes.map(() => [])
  const compared = slots.flatMap(({ tensors }) => {
    const target = tensors[child]
    const parts = nodes.flatMap((node) => tensors[node] ?? [])
    const tells = target && parts.length === nodes.length && allDiffer([target, ...parts])
    return tells ? [{ target, parts, unit: target.moments!.spacingSquares / 12 }] : []
  })
  // A part of the cells is fitted no worse than all of them: where it misses, the whole does.
  const misses = compared.slice(0, ENOUGH_MISSES).filter(({ target, parts, unit }) => {
    const fit = fitTensor(target, parts, FIRST_CELLS)
    return fit !== null && fit.residual > limit * unit
  })
  if (misses.length === ENOUGH_MISSES) return null
  for (const { target, parts, unit } of compared) {
    const fit = fitTensor(target, parts)
    if (!fit) continue
    residuals.push(fit.residual / unit)
    fit.coefficients.forEach((coefficient, i) => weights[i]!.push(coefficient))
    if (residuals.length >= ENOUGH_MISSES && residuals.every((residual) => residual > limit)) return null
  }
  if (residuals.length === 0) return null
  return { residual: median(residuals), weights: weights.map(median) }
}

function allDiffer(tensors: readonly TensorFingerprint[]): boolean {
  return tensors.every((a, i) => tensors.every((b, j) => j <= i || !sameBytes(a, b)))
}

/**
 * In coordinates relative to the first part, which keeps the small differences from cancelling in the large norms.
 *
 * @param cells how many cells of the sketches are compared, from the first on
 */
function fitTensor(
  target: TensorFingerprint,
  parts: readonly TensorFingerprint[],
  cells = Infinity,
): { residual: number; coefficients: number[] } | null {
  const origin = parts[0]!.sketch!.subarray(0, cells)
  const basis = [...parts.slice(1).map((part) => subtract(part.sketch!, origin)), Float64Array.from(origin)]
  const wanted = subtract(target.sketch!, origin)
  const gram = basis.map((x) => basis.map((y) => dot(x, y)))
  const solved = solve(
    gram,
    basis.map((x) => dot(x, wanted)),
  )
  if (!solved) return null
  let residual = 0
  for (let i = 0; i < wanted.length; i++) {
    let miss = wanted[i]!
    for (let k = 0; k < basis.length; k++) miss -= solved[k]! * basis[k]![i]!
    residual += miss * miss
  }
  const others = solved.slice(0, -1)
  return { residual, coefficients: [1 + solved.at(-1)! - others.reduce((sum, value) => sum + value, 0), ...others] }
}

function subtract(a: Float32Array, b: Float32Array): Float64Array {
  const difference = new Float64Array(b.length)
  for (let i = 0; i < b.length; i++) difference[i] = a[i]! - b[i]!
  return difference
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
