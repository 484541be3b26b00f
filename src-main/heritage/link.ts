import type { BodySlot } from './body.ts'
import { isUnchanged } from './exact/exact.ts'
import { tensorDistance } from './tensors.ts'

/** How two members of a family differ, slot by slot of the body. Symmetric but for the order of a and b. */
export interface Link {
  /** Positions within the family. */
  readonly a: number
  readonly b: number
  /** Squared distance in each slot: 0 where the bytes are equal, NaN where one of the two has no such tensor. */
  readonly distances: Float64Array
}

/** Names a pair of members, in whichever order they are given. */
export function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}

/** Measures one pair over the body. */
export function linkBetween(body: readonly BodySlot[], a: number, b: number): Link {
  const distances = Float64Array.from(body, ({ tensors }) => {
    const x = tensors[a]
    const y = tensors[b]
    return x && y ? tensorDistance(x, y) : NaN
  })
  return { a, b, distances }
}

/** Elements of the matrices that the two have bit for bit in common, but for the rounding of a coarser store. */
export function equalElements(body: readonly BodySlot[], a: number, b: number): number {
  return body.reduce((sum, { matrix, elements, tensors }) => {
    const [x, y] = [tensors[a], tensors[b]]
    return sum + (matrix && x && y && isUnchanged(x, y) ? elements : 0)
  }, 0)
}

/**
 * Squared distance over the whole body, each slot counted `weights[slot]` times. Slots that the two do not share are
 * made up for by size. Infinite where nothing is shared.
 */
export function totalDistance(body: readonly BodySlot[], { distances }: Link, weights?: Float64Array): number {
  let sum = 0
  let shared = 0
  let all = 0
  for (let i = 0; i < distances.length; i++) {
    const weight = weights ? weights[i]! : 1
    const elements = weight * body[i]!.elements
    all += elements
    if (Number.isNaN(distances[i])) continue
    shared += elements
    sum += weight * distances[i]!
  }
  return shared === 0 ? Infinity : sum * (all / shared)
}
