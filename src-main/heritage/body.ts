import type { Architecture } from './align/align.ts'
import { layerOf, mainStack } from './align/names.ts'
import { centredInner, elementCount, isFloatTensor, isMatrix, isWeight, sameBytes, shapeKey } from './tensors.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/** One slot of a family's body: the same tensor, in one shape, in family order; undefined where a member has none. */
export interface BodySlot {
  readonly name: string
  readonly matrix: boolean
  /** In the numbered stack of layers. */
  readonly inStack: boolean
  /** Elements of the tensor. */
  readonly elements: number
  readonly tensors: readonly (TensorFingerprint | undefined)[]
}

/** A single tensor must be this far from chance to count as inherited at all. */
const INHERITED_Z = 4
/** Share of pairs in which a tensor outside the stack must be inherited. */
const INHERITED_PAIRS = 0.9

/** Share of the members that must have a tensor in one shape for it to count. */
const COMMON = 0.5

/**
 * The tensors by which a family is compared: trained weights that most members have in one shape. Outside the numbered
 * stack of layers a matrix also has to be inherited: an output layer made anew for each task says nothing of descent.
 *
 * @param family positions within the architecture
 */
export function bodyOf(architecture: Architecture, family: readonly number[]): readonly BodySlot[] {
  const stack = mainStack(architecture.slots)
  const slots: BodySlot[] = []
  architecture.slots.forEach((name, index) => {
    const tensors = inCommonShape(family.map((member) => architecture.tensors[index]![member]))
    const present = tensors.filter((tensor) => tensor !== undefined)
    const first = present[0]
    if (!first || present.length < COMMON * family.length || !present.some(isWeight)) return
    const inStack = layerOf(name)?.stack === stack
    if (!inStack && !isInherited(present)) return
    slots.push({ name, matrix: isMatrix(first), inStack, elements: elementCount(first), tensors })
  })
  const used = preferComplete(slots)
  const withStack = used.some((slot) => slot.inStack && slot.matrix)
  return withStack ? used : used.map((slot) => ({ ...slot, inStack: true }))
}

/**
 * Only the tensors that all members have, where these hold most of the weights: making up for missing ones shifts a
 * distance by a percent or so, and long branches differ by less.
 */
function preferComplete(slots: readonly BodySlot[]): readonly BodySlot[] {
  const complete = slots.filter(({ tensors }) => tensors.every((tensor) => tensor !== undefined))
  const elements = (some: readonly BodySlot[]): number => some.reduce((sum, slot) => sum + slot.elements, 0)
  return elements(complete) >= COMMON * elements(slots) ? complete : slots
}

/** Float tensors of the most common shape; the others count as missing. */
function inCommonShape(tensors: readonly (TensorFingerprint | undefined)[]): (TensorFingerprint | undefined)[] {
  const counts = new Map<string, number>()
  for (const tensor of tensors) {
    if (tensor && isFloatTensor(tensor)) counts.set(shapeKey(tensor), (counts.get(shapeKey(tensor)) ?? 0) + 1)
  }
  const common = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0]
  return tensors.map((tensor) => (tensor && isFloatTensor(tensor) && shapeKey(tensor) === common ? tensor : undefined))
}

/** How many layers of the main stack each member has. */
export function layerCounts(architecture: Architecture, family: readonly number[]): number[] {
  const stack = mainStack(architecture.slots)
  const places = architecture.slots.map(layerOf)
  return family.map((member) => {
    const layers = places.flatMap((place, slot) =>
      place?.stack === stack && architecture.tensors[slot]![member] ? [place.layer] : [],
    )
    return new Set(layers).size
  })
}

/** Whether a tensor outside the stack stays alike from model to model; one-dimensional ones are too short to tell. */
function isInherited(tensors: readonly TensorFingerprint[]): boolean {
  if (!isMatrix(tensors[0]!)) return false
  let pairs = 0
  let inherited = 0
  for (let i = 0; i < tensors.length; i++) {
    for (let j = i + 1; j < tensors.length; j++) {
      const a = tensors[i]!
      const b = tensors[j]!
      const { inner, variance } = centredInner(a, b)
      pairs++
      if (sameBytes(a, b) || inner > INHERITED_Z * Math.sqrt(variance)) inherited++
    }
  }
  return inherited >= INHERITED_PAIRS * pairs
}

/** The same body over some of the members, numbered anew in the order given. */
export function restrict(body: readonly BodySlot[], members: readonly number[]): BodySlot[] {
  return body.map((slot) => ({ ...slot, tensors: members.map((member) => slot.tensors[member]) }))
}
