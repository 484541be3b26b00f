import type { Architecture } from './align.ts'
import { layerOf } from './names.ts'
import { centredInner, elementCount, isMatrix, isWeight, sameBytes, shapeKey } from './tensors.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/** One slot of a family's body: the same tensor in every member, in family order. */
export interface BodySlot {
  readonly name: string
  readonly matrix: boolean
  /** In the numbered stack of layers. */
  readonly inStack: boolean
  readonly tensors: readonly TensorFingerprint[]
}

/** A single tensor must be this far from chance to count as inherited at all. */
const INHERITED_Z = 4
/** Share of pairs in which a tensor outside the stack must be inherited. */
const INHERITED_PAIRS = 0.9

/**
 * The tensors by which a family is compared: trained weights that every member has in one shape. Outside the numbered
 * stack of layers a matrix also has to be inherited: an output layer made anew for each task says nothing of descent.
 *
 * @param family positions within the architecture
 */
export function bodyOf(architecture: Architecture, family: readonly number[]): BodySlot[] {
  const stack = mainStack(architecture)
  const slots: BodySlot[] = []
  architecture.slots.forEach((name, index) => {
    const tensors = family.map((member) => architecture.tensors[index]![member])
    const first = tensors[0]
    if (!first || !tensors.every((t) => t !== undefined && shapeKey(t) === shapeKey(first) && t.sketch !== null)) return
    const present = tensors as TensorFingerprint[]
    if (!present.some(isWeight) || !present.every((t) => t.moments !== null && isFloat(t))) return
    const inStack = layerOf(name)?.stack === stack
    if (!inStack && !isInherited(present)) return
    slots.push({ name, matrix: isMatrix(first), inStack, tensors: present })
  })
  const withStack = slots.some((slot) => slot.inStack && slot.matrix)
  return withStack ? slots : slots.map((slot) => ({ ...slot, inStack: true }))
}

function isFloat(tensor: TensorFingerprint): boolean {
  return isWeight(tensor) || tensor.moments!.variance === 0
}

/** The numbered stack with the most matrix elements ("encoder.layer"), or null. */
function mainStack(architecture: Architecture): string | null {
  const elements = new Map<string, number>()
  architecture.slots.forEach((name, index) => {
    const tensor = architecture.tensors[index]!.find((t) => t !== undefined)
    const stack = layerOf(name)?.stack
    if (stack === undefined || !tensor || !isMatrix(tensor)) return
    elements.set(stack, (elements.get(stack) ?? 0) + elementCount(tensor))
  })
  return [...elements].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
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
