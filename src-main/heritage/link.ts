import type { BodySlot } from './body.ts'
import { sameBytes, sketchDistance } from './tensors.ts'

/** How two members of a family differ, slot by slot of the body. Symmetric but for the order of a and b. */
export interface Link {
  /** Positions within the family. */
  readonly a: number
  readonly b: number
  /** Squared distance in each slot: 0 where the bytes are equal. */
  readonly distances: Float64Array
}

/** Measures one pair over the body. */
export function linkBetween(body: readonly BodySlot[], a: number, b: number): Link {
  const distances = new Float64Array(body.length)
  body.forEach((slot, index) => {
    const x = slot.tensors[a]!
    const y = slot.tensors[b]!
    distances[index] = sameBytes(x, y) ? 0 : sketchDistance(x, y)
  })
  return { a, b, distances }
}

/** Sum of the slots' squared distances, each counted `weights[slot]` times. */
export function totalDistance(link: Link, weights?: Float64Array): number {
  let sum = 0
  for (let i = 0; i < link.distances.length; i++) sum += link.distances[i]! * (weights ? weights[i]! : 1)
  return sum
}
