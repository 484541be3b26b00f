import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { layerOf } from '../align/names.ts'
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

/**
 * Least squares of the child's sketch on those of the nodes, free in every tensor. Tensors that equal one of the nodes
 * say nothing. Null if no tensor can be compared, or the residual is plainly above `limit`.
 */
export function fitInPlane(
  slots: readonly BodySlot[],
  child: number,
  nodes: readonly number[],
  limit = Infinity,
): PlaneFit | null {
  const residuals: number[] = []
  const weights: number[][] = nodes.map(() => [])
  for (const { tensors } of slots) {
    const target = tensors[child]
    const parts = nodes.map((node) => tensors[node])
    if (!target || !parts.every((part) => part !== undefined) || parts.some((part) => sameBytes(part, target))) continue
    const fit = fitTensor(target, parts)
    if (!fit) continue
    residuals.push(fit.residual / (target.moments!.spacingSquares / 12))
    fit.coefficients.forEach((coefficient, i) => weights[i]!.push(coefficient))
    if (residuals.length >= ENOUGH_MISSES && residuals.every((residual) => residual > limit)) return null
  }
  if (residuals.length === 0) return null
  return { residual: median(residuals), weights: weights.map(median) }
}

/**
 * The coefficient of each node in each layer of the stack, by least squares over all tensors of the layer together.
 * Null for a layer that does not tell the nodes apart, because they are equal there.
 *
 * @returns by node, then by layer in ascending order
 */
export function coefficientsByLayer(
  slots: readonly BodySlot[],
  child: number,
  nodes: readonly number[],
): (number | null)[][] {
  const solved = slotsByLayer(slots).map((tensors) => fitLayer(tensors, child, nodes))
  return nodes.map((_, i) => solved.map((coefficients) => coefficients?.[i] ?? null))
}

/** The slots of each layer of the stack, in ascending order. */
export function slotsByLayer(slots: readonly BodySlot[]): BodySlot[][] {
  const layers = Map.groupBy(slots, ({ name }) => layerOf(name)?.layer ?? -1)
  return [...layers].sort(([a], [b]) => a - b).map(([, tensors]) => tensors)
}

function fitLayer(slots: readonly BodySlot[], child: number, nodes: readonly number[]): number[] | null {
  const size = nodes.length
  const gram = nodes.map(() => new Array<number>(size).fill(0))
  const products = new Array<number>(size).fill(0)
  for (const { tensors } of slots) {
    const target = tensors[child]
    const parts = nodes.map((node) => tensors[node])
    if (!target || !parts.every((part) => part !== undefined)) continue
    const { basis, wanted } = coordinates(target, parts)
    basis.forEach((x, i) => {
      products[i]! += dot(x, wanted)
      basis.forEach((y, j) => (gram[i]![j]! += dot(x, y)))
    })
  }
  const solved = solve(gram, products)
  return solved && solved.every(Number.isFinite) ? coefficientsOf(solved) : null
}

function fitTensor(
  target: TensorFingerprint,
  parts: readonly TensorFingerprint[],
): { residual: number; coefficients: number[] } | null {
  const { basis, wanted } = coordinates(target, parts)
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
  return { residual, coefficients: coefficientsOf(solved) }
}

/** Relative to the first part, which keeps the small differences from cancelling in the large norms; the last is itself. */
function coordinates(
  target: TensorFingerprint,
  parts: readonly TensorFingerprint[],
): { basis: Float64Array[]; wanted: Float64Array } {
  const origin = parts[0]!.sketch!
  const differences = parts.slice(1).map((part) => subtract(part.sketch!, origin))
  return { basis: [...differences, Float64Array.from(origin)], wanted: subtract(target.sketch!, origin) }
}

/** From these coordinates back to one coefficient a part. */
function coefficientsOf(solved: readonly number[]): number[] {
  const others = solved.slice(0, -1)
  return [1 + solved.at(-1)! - others.reduce((sum, value) => sum + value, 0), ...others]
}

function subtract(a: Float32Array, b: Float32Array): Float64Array {
  const difference = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) difference[i] = a[i]! - b[i]!
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
