import { samplePositions } from '../../fingerprint/sample.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { DTYPE_BITS, type Dtype } from '../../formats/dtype.ts'
import type { Architecture } from '../align/align.ts'
import { rounds } from './exact.ts'
import { layerOf } from '../align/names.ts'
import { isSampledWhole, storedValues } from './stored-values.ts'
import { elementCount, sameBytes, shapeKey } from '../tensors.ts'

/** A model made from another without training: what it kept of its source is exact. */
export interface Derivation {
  readonly type: 'cast' | 'quantized' | 'pruned' | 'resized' | 'layers-dropped'
  /** Positions within the architecture. */
  readonly parent: number
  readonly child: number
  /** How many kinds of step it takes, rounding aside: an explanation by one is better than one by two. */
  readonly kinds: number
}

/** How one tensor follows from its counterpart; `none` where it was trained, or belongs to something else. */
type Step = 'equal' | 'rounded' | 'quantized' | 'pruned' | 'resized' | 'none'

/** Share of the sampled elements that must fit. */
const FITTING = 0.999
/** Rounding of the result to its store moves it by at most this share of it. */
const ROUNDING: Partial<Record<Dtype, number>> = { F64: 2 ** -53, F32: 2 ** -24, F16: 2 ** -11, BF16: 2 ** -8 }
/** Fewer new zeros than this share happen by rounding. */
const NEW_ZEROS = 0.01

/**
 * Whether `child` was derived from `parent`: every tensor equal, rounded to its store, moved to the nearest point of its
 * grid, or set to zero in places; or whole layers, or rows of the outer matrices, left out. Decided on the element
 * samples, at least 1,024 a tensor.
 */
export function derivationFrom(architecture: Architecture, parent: number, child: number): Derivation | null {
  const steps = new Set<Step>()
  const dropped = new Set<number>()
  let sound = false
  for (const [slot, row] of architecture.tensors.entries()) {
    const from = row[parent]
    const to = row[child]
    if (!from && !to) continue
    const layer = layerOf(architecture.slots[slot]!)?.layer
    if (from && !to && layer !== undefined) {
      dropped.add(layer)
      continue
    }
    if (!from || !to) return null
    const step = stepBetween(from, to, layer === undefined)
    if (step === 'none') return null
    steps.add(step)
    // A narrower store that lost nothing was there first: training does not leave values that happen to fit it.
    sound ||= step === 'rounded' && (DTYPE_BITS[to.dtype] > DTYPE_BITS[from.dtype] || !rounds(to, from))
  }
  const type = typeOf(steps, dropped.size > 0)
  if (type === 'cast' && !sound) return null
  const kinds = [...steps].filter((step) => step !== 'equal' && step !== 'rounded').length + Number(dropped.size > 0)
  return type && { type, parent, child, kinds }
}

/** The most telling step names the whole. */
function typeOf(steps: ReadonlySet<Step>, dropped: boolean): Derivation['type'] | null {
  if (dropped) return 'layers-dropped'
  for (const step of ['resized', 'quantized', 'pruned'] as const) if (steps.has(step)) return step
  return steps.has('rounded') ? 'cast' : null
}

function stepBetween(from: TensorFingerprint, to: TensorFingerprint, outer: boolean): Step {
  if (sameBytes(from, to) || sameWhole(from, to)) return 'equal'
  if (!from.sample || !to.sample || !from.moments || !to.moments) return 'none'
  if (shapeKey(from) !== shapeKey(to)) return outer && sharesRows(from, to) ? 'resized' : 'none'
  if (from.dtype !== to.dtype && rounds(from, to)) return 'rounded'
  const newZeros = to.moments.zeros - from.moments.zeros > NEW_ZEROS * to.moments.count
  const newGrid = to.grid !== null && from.grid === null
  if (!newZeros && !newGrid) return 'none'
  const x = storedValues(from.dtype, from.sample)
  const y = storedValues(to.dtype, to.sample)
  if (!x || !y) return 'none'
  if (newGrid && isNearest(x, y, to.grid.steps, ROUNDING[to.dtype]!)) return 'quantized'
  return newZeros && isThinned(x, y, ROUNDING[to.dtype]!) ? 'pruned' : 'none'
}

/** Equal elements, all of them sampled: the rows that are left of a longer tensor have no hash of their own. */
function sameWhole(from: TensorFingerprint, to: TensorFingerprint): boolean {
  const [x, y] = [from.sample, to.sample]
  if (!x || !y || from.dtype !== to.dtype || shapeKey(from) !== shapeKey(to) || !isSampledWhole(from)) return false
  return x.every((byte, i) => byte === y[i])
}

function isNearest(x: Float64Array, y: Float64Array, steps: Float32Array, rounding: number): boolean {
  let fitting = 0
  // The step is known from the rounded maximum, hence the rounding twice.
  for (let i = 0; i < x.length; i++)
    if (Math.abs(x[i]! - y[i]!) <= steps[i]! / 2 + 2 * rounding * Math.abs(y[i]!)) fitting++
  return fitting >= FITTING * x.length
}

function isThinned(x: Float64Array, y: Float64Array, rounding: number): boolean {
  let fitting = 0
  for (let i = 0; i < x.length; i++) if (y[i] === 0 || Math.abs(x[i]! - y[i]!) <= rounding * Math.abs(x[i]!)) fitting++
  return fitting >= FITTING * x.length
}

/**
 * Equal where both have rows, and made in this direction: rows that were added and never trained have one constant bias,
 * so a longer vector that ends otherwise cannot come second.
 */
function sharesRows(from: TensorFingerprint, to: TensorFingerprint): boolean {
  if (from.shape.length !== to.shape.length || from.shape.slice(1).some((size, i) => size !== to.shape[i + 1]))
    return false
  const x = storedValues(from.dtype, from.sample!)
  const y = storedValues(to.dtype, to.sample!)
  if (!x || !y || (to.shape.length === 1 && !isGrownOrCut(x, y))) return false
  const at = new Map([...samplePositions(elementCount(to))].map((position, i) => [position, y[i]!]))
  let shared = 0
  let fitting = 0
  samplePositions(elementCount(from)).forEach((position, i) => {
    const other = at.get(position)
    if (other === undefined) return
    shared++
    if (Math.abs(other - x[i]!) <= ROUNDING[to.dtype]! * Math.abs(x[i]!)) fitting++
  })
  return shared > 0 && fitting >= FITTING * shared
}

/** Small vectors are sampled whole: their ends can be compared. */
function isGrownOrCut(from: Float64Array, to: Float64Array): boolean {
  const longer = from.length > to.length ? from : to
  const extra = longer.subarray(Math.min(from.length, to.length))
  const constant = extra.every((value) => value === extra[0])
  return to.length > from.length ? constant : !constant
}
