import { SKETCH_SIZE } from '../../fingerprint/constants.ts'
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
/** A combination has no more parts than this. */
const MOST_PARTS = 3
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
  const count = Math.min(cells, target.sketch!.length)
  const origin = parts[0]!.sketch!
  const basis = [...parts.slice(1).map((part, i) => subtract(part.sketch!, origin, count, room[i]!))]
  basis.push(subtract(origin, null, count, room[basis.length]!))
  const wanted = subtract(target.sketch!, origin, count, room[basis.length]!)
  const gram = basis.map((x) => basis.map((y) => dot(x, y, count)))
  const solved = solve(
    gram,
    basis.map((x) => dot(x, wanted, count)),
  )
  if (!solved) return null
  basis.forEach((part, k) => {
    for (let i = 0; i < count; i++) wanted[i]! -= solved[k]! * part[i]!
  })
  const others = solved.slice(0, -1)
  const first = 1 + solved.at(-1)! - others.reduce((sum, value) => sum + value, 0)
  return { residual: dot(wanted, wanted, count), coefficients: [first, ...others] }
}

/** Differences are written into one room, over and over: thousands of short-lived arrays would keep the collector busy. */
const room = Array.from({ length: MOST_PARTS + 1 }, () => new Float64Array(SKETCH_SIZE * SKETCH_SIZE))

function subtract(a: Float32Array, b: Float32Array | null, count: number, into: Float64Array): Float64Array {
  for (let i = 0; i < count; i++) into[i] = a[i]! - (b ? b[i]! : 0)
  return into
}

function dot(a: Float64Array, b: Float64Array, count: number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += a[i]! * b[i]!
  return sum
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
