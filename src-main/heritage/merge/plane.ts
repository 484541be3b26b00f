import { SKETCH_SIZE } from '../../fingerprint/constants.ts'
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
    const { basis, wanted, count } = coordinates(target, parts)
    basis.forEach((x, i) => {
      products[i]! += dot(x, wanted, count)
      basis.forEach((y, j) => (gram[i]![j]! += dot(x, y, count)))
    })
  }
  const solved = solve(gram, products)
  return solved && solved.every(Number.isFinite) ? coefficientsOf(solved) : null
}

function allDiffer(tensors: readonly TensorFingerprint[]): boolean {
  return tensors.every((a, i) => tensors.every((b, j) => j <= i || !sameBytes(a, b)))
}

/**
 * @param cells how many cells of the sketches are compared, from the first on
 */
function fitTensor(
  target: TensorFingerprint,
  parts: readonly TensorFingerprint[],
  cells = Infinity,
): { residual: number; coefficients: number[] } | null {
  const { basis, wanted, count } = coordinates(target, parts, cells)
  const gram = basis.map((x) => basis.map((y) => dot(x, y, count)))
  const solved = solve(
    gram,
    basis.map((x) => dot(x, wanted, count)),
  )
  if (!solved) return null
  basis.forEach((part, k) => {
    for (let i = 0; i < count; i++) wanted[i]! -= solved[k]! * part[i]!
  })
  return { residual: dot(wanted, wanted, count), coefficients: coefficientsOf(solved) }
}

/** Relative to the first part, which keeps the small differences from cancelling in the large norms; the last is itself. */
function coordinates(
  target: TensorFingerprint,
  parts: readonly TensorFingerprint[],
  cells = Infinity,
): { basis: Float64Array[]; wanted: Float64Array; count: number } {
  const count = Math.min(cells, target.sketch!.length)
  const origin = parts[0]!.sketch!
  const basis = parts.slice(1).map((part, i) => subtract(part.sketch!, origin, count, room[i]!))
  basis.push(subtract(origin, null, count, room[basis.length]!))
  return { basis, wanted: subtract(target.sketch!, origin, count, room[basis.length]!), count }
}

/** From these coordinates back to one coefficient a part. */
function coefficientsOf(solved: readonly number[]): number[] {
  const others = solved.slice(0, -1)
  return [1 + solved.at(-1)! - others.reduce((sum, value) => sum + value, 0), ...others]
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

/** The middle value, the upper of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
