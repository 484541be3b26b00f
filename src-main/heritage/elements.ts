import { encodingOf, exponentOf, spacingSquare } from '../fingerprint/encodings.ts'
import { samplePositions } from '../fingerprint/sample.ts'
import type { BodySlot } from './body.ts'
import { storedValues } from './stored-values.ts'

/** The same elements of all members of a family, slot after slot. */
export interface Elements {
  /** By member; NaN where it has no such tensor. */
  readonly values: readonly Float64Array[]
  /** By member: half the distance between neighbours of its store at each value, the most that rounding can move it. */
  readonly rounding: readonly Float64Array[]
  /** By member: the same as a share of a value of its store. */
  readonly precision: readonly number[]
  /** Where each slot begins, and the end of the last. */
  readonly bounds: readonly number[]
}

/** Elements of a family that are looked at: enough to see what two drops of nineteen in twenty leave in common. */
const ELEMENTS = 8192

/** Reads the element samples of the given slots, evenly thinned to about 8,192 in all. */
export function readElements(slots: readonly BodySlot[], members: number): Elements {
  const quota = Math.ceil(ELEMENTS / slots.length)
  const bounds = [0]
  const picks = slots.map(({ elements }) => {
    const sampled = samplePositions(elements).length
    const count = Math.min(quota, sampled)
    bounds.push(bounds.at(-1)! + count)
    return Array.from({ length: count }, (_, i) => Math.floor((i * sampled) / count))
  })
  const values: Float64Array[] = []
  const rounding: Float64Array[] = []
  const precision: number[] = []
  for (let member = 0; member < members; member++) {
    const all = new Float64Array(bounds.at(-1)!).fill(NaN)
    const half = all.slice()
    let worst = 0
    slots.forEach(({ tensors }, slot) => {
      const tensor = tensors[member]
      const sample = tensor?.sample && storedValues(tensor.dtype, tensor.sample)
      if (!tensor || !sample) return
      const encoding = encodingOf(tensor.dtype)!
      worst = Math.max(worst, 2 ** -encoding.precision)
      picks[slot]!.forEach((pick, i) => {
        const value = sample[pick]!
        all[bounds[slot]! + i] = value
        half[bounds[slot]! + i] = Math.sqrt(spacingSquare(encoding, value === 0 ? -Infinity : exponentOf(value))) / 2
      })
    })
    values.push(all)
    rounding.push(half)
    precision.push(worst)
  }
  return { values, rounding, precision, bounds }
}
