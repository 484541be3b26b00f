import { encodingOf, halfSpacing } from '../../fingerprint/encodings.ts'
import { samplePositions } from '../../fingerprint/sample.ts'
import type { BodySlot } from '../body.ts'
import { storedValues } from '../exact/stored-values.ts'
import { slotsByLayer } from './plane.ts'

/** The same elements of all members of a family, slot after slot. */
export interface Elements {
  /** By member; NaN where it has no such tensor. */
  readonly values: readonly Float64Array[]
  /** By member: how far a value can have moved in being rounded, to its store and in the sum before that. */
  readonly rounding: readonly Float64Array[]
  /** By member: half a unit of the last place of its store, as a share of a number. */
  readonly precision: readonly number[]
  /** Where each slot begins, and the end of the last. */
  readonly bounds: readonly number[]
  /** By element: the position of its layer in the stack. */
  readonly layer: Int32Array
}

/** Four roundings before the last (difference, weight, sum, mean) are off by .8 of one on average; three is 3.6 times that. */
const ROUNDINGS = 3
/** Weights are added in F32 at the least. */
const ARITHMETIC = 2 ** -24
/** Elements of a family that are looked at: two parents of which one in twenty elements is kept share twenty of these. */
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
    const moved = all.slice()
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
        moved[bounds[slot]! + i] = halfSpacing(encoding, value) + ARITHMETIC * Math.abs(value)
      })
    })
    values.push(all)
    rounding.push(moved)
    precision.push(worst)
  }
  const layer = new Int32Array(bounds.at(-1)!)
  slotsByLayer(slots).forEach((inLayer, position) => {
    for (const slot of inLayer) layer.fill(position, bounds[slots.indexOf(slot)], bounds[slots.indexOf(slot) + 1])
  })
  return { values, rounding, precision, bounds, layer }
}

/** A model as seen from its base, element by element. */
export interface Change {
  readonly base: number
  /** Model − base; NaN where nothing is known. */
  readonly step: Float64Array
  /** How far each element of the model can have moved in being rounded. */
  readonly rounding: Float64Array
  /** Half a unit of the last place of its store, as a share of a number. */
  readonly precision: number
}

/** How far a step may lie from the terms that it is the sum of: the result was rounded, and each term before it. */
export function tolerance(
  { rounding, precision }: Pick<Change, 'rounding' | 'precision'>,
  element: number,
  terms: number,
): number {
  return rounding[element]! + ROUNDINGS * precision * terms
}
