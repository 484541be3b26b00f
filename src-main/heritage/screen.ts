import { SKETCH_SIZE } from '../fingerprint/constants.ts'
import { columnSlot, hashIndex, rowSlot, type Slot } from '../fingerprint/hashing.ts'
import { matrixShape } from '../fingerprint/sketch.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'
import { innerProducts } from './pairwise.ts'
import type { Steps } from './steps.ts'
import { centredEnergy, shapeKey } from './tensors.ts'

/** Length of the projected vectors. The cosine of two of them is that of the models with a standard error of 1/64. */
const LENGTH = 4096
/** Pairs that seem less alike are not looked at: 3.2 standard errors above none and below .1. */
const CANDIDATE_COSINE = 0.05
/** Of so few members every pair is a candidate. */
const ALL_PAIRS_LIMIT = 64
const SEED = 0x7feb352d

/** The matrices of one member by slot, undefined where it has none that counts. */
export type Row = readonly (TensorFingerprint | undefined)[]

/**
 * Finds the pairs of members that may be related: those whose centred weights have a cosine above .05 over the matrices that
 * both have in one shape. Estimated from one vector a member, a CountSketch (Charikar, Chen & Farach-Colton 2002) of all
 * sketches one after the other. A pair with a true cosine of .1 is missed once in 1,400, of .15 once in 8 · 10^9.
 *
 * @param members one row of equal length for each
 * @param visit called for each candidate, i < j
 */
export function* screenPairs(members: readonly Row[], visit: (i: number, j: number) => void): Steps {
  if (members.length <= ALL_PAIRS_LIMIT) {
    members.forEach((_, i) => members.slice(i + 1).forEach((_, at) => visit(i, i + 1 + at)))
    return
  }
  const shapes = members.map((row) => row.map((tensor) => (tensor ? shapeKey(tensor) : '')))
  const layouts = [...Map.groupBy(members.keys(), (member) => shapes[member]!.join(' ')).values()]
  const project = projector(members)
  for (const [at, layout] of layouts.entries()) {
    for (const other of layouts.slice(at)) {
      const common = [...shapes[layout[0]!]!.entries()].flatMap(([slot, shape]) =>
        shape !== '' && shape === shapes[other[0]!]![slot] ? [slot] : [],
      )
      const rows = project(layout, common)
      yield* innerProducts(rows, other === layout ? rows : project(other, common), (i, j, cosine) => {
        const [a, b] = [layout[i]!, other[j]!]
        if (cosine > CANDIDATE_COSINE) visit(Math.min(a, b), Math.max(a, b))
      })
    }
  }
}

/** Projects the members of a layout, over some of the slots, to vectors of length 1 on average. */
function projector(members: readonly Row[]): (layout: readonly number[], slots: readonly number[]) => Float32Array[] {
  const ones = new Map<string, Float64Array>()
  const onesLike = (tensor: TensorFingerprint): Float64Array => {
    const known = ones.get(shapeKey(tensor)) ?? sketchOfOnes(tensor.shape)
    ones.set(shapeKey(tensor), known)
    return known
  }
  const places = new Map<number, Int32Array>()
  const placesOf = (slot: number): Int32Array => {
    const known = places.get(slot) ?? cellPlaces(slot)
    places.set(slot, known)
    return known
  }
  return (layout, slots) =>
    layout.map((member) => {
      const sums = new Float64Array(LENGTH)
      let energy = 0
      for (const slot of slots) {
        const tensor = members[member]![slot]!
        addCentred(tensor, onesLike(tensor), placesOf(slot), sums)
        energy += centredEnergy(tensor)
      }
      return Float32Array.from(sums, (sum) => sum / Math.sqrt(energy))
    })
}

/** The sketch is linear: that of the centred tensor is its own less the mean times that of ones. */
function addCentred(tensor: TensorFingerprint, ones: Float64Array, places: Int32Array, sums: Float64Array): void {
  const sketch = tensor.sketch!
  const { mean } = tensor.moments!
  for (let cell = 0; cell < sketch.length; cell++) {
    const value = sketch[cell]! - mean * ones[cell]!
    const place = places[cell]!
    if (place < 0) sums[~place]! -= value
    else sums[place]! += value
  }
}

/** Where each cell of a slot's sketch goes; the complement where it is subtracted. */
function cellPlaces(slot: number): Int32Array {
  const cells = SKETCH_SIZE * SKETCH_SIZE
  return Int32Array.from({ length: cells }, (_, cell) => {
    const hash = hashIndex(slot * cells + cell, SEED)
    const place = (hash >>> 1) % LENGTH
    return hash & 1 ? ~place : place
  })
}

function sketchOfOnes(shape: readonly number[]): Float64Array {
  const { rows, columns } = matrixShape(shape)
  const down = foldOnes(rows, rowSlot)
  const across = foldOnes(columns, columnSlot)
  return Float64Array.from({ length: down.length * across.length }, (_, cell) => {
    return down[Math.floor(cell / across.length)]! * across[cell % across.length]!
  })
}

function foldOnes(length: number, slotOf: (index: number) => Slot): Float64Array {
  const folded = new Float64Array(Math.min(length, SKETCH_SIZE))
  for (let i = 0; i < length; i++) folded[slotOf(i).bucket]! += slotOf(i).sign
  return folded
}
