import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { matrixShape } from '../../fingerprint/sketch.ts'
import { SKETCH_SIZE } from '../../fingerprint/constants.ts'
import type { Architecture } from '../align/align.ts'
import { layerOf } from '../align/names.ts'
import type { BodySlot } from '../body.ts'
import { derivationFrom, type Derivation } from '../exact/derivation.ts'
import { isUnchanged } from '../exact/exact.ts'
import { isSampledWhole, storedValues } from '../exact/stored-values.ts'
import type { MissingModel } from './types.ts'

/** One constant at the end may be chance. */
const LEAST_GROWN = 2

/**
 * Looks for the missing source of a model whose output layer was grown and never trained: the new rows have one constant
 * bias, and without them the model is its source, to the last bit.
 *
 * @param distinct members as positions within the architecture, in the order of the body
 */
export function findGrownBases(
  architecture: Architecture,
  distinct: readonly number[],
  body: readonly BodySlot[],
  derivations: readonly Derivation[],
): MissingModel[] {
  const derived = new Set(derivations.map(({ child }) => child))
  return distinct.flatMap((member, x) => {
    if (derived.has(x) || hasEqualBody(body, x, derivations)) return []
    const column = withoutGrownRows(architecture, member)
    if (!column) return []
    const extended = { ...architecture, tensors: architecture.tensors.map((row, slot) => [...row, column[slot]]) }
    const base = architecture.members.length
    const untrained = distinct.flatMap((to, child) => {
      const step = derived.has(child) ? null : derivationFrom(extended, base, to)
      return step ? [{ type: step.type, child }] : []
    })
    const known = body.map(({ tensors }) => tensors[x])
    return { witness: x, tensors: known, exact: known.map(() => true), derived: untrained, updates: [] }
  })
}

/** Whether a member that was not made from x has its body. */
function hasEqualBody(body: readonly BodySlot[], x: number, derivations: readonly Derivation[]): boolean {
  const made = new Set([x])
  for (const node of made) for (const { parent, child } of derivations) if (parent === node) made.add(child)
  const members = body[0]?.tensors.length ?? 0
  return Array.from({ length: members }, (_, y) => y).some(
    (y) => !made.has(y) && body.every(({ tensors }) => tensors[x] && tensors[y] && isUnchanged(tensors[x], tensors[y])),
  )
}

/** The tensors of a member with the rows that were added to its outer ones taken off; null if there are none. */
function withoutGrownRows(architecture: Architecture, member: number): (TensorFingerprint | undefined)[] | null {
  const own = architecture.tensors.map((row) => row[member])
  const outer = own.map((tensor, slot) => (layerOf(architecture.slots[slot]!) === null ? tensor : undefined))
  const [ends, ...others] = outer.flatMap((tensor) => {
    const grown = tensor?.shape.length === 1 ? grownRows(tensor) : 0
    return grown > 0 ? [{ rows: tensor!.shape[0]!, grown }] : []
  })
  if (!ends || others.some(({ rows, grown }) => rows !== ends.rows || grown !== ends.grown)) return null
  return own.map((tensor, slot) => {
    const resized = outer[slot] && tensor!.shape[0] === ends.rows
    return resized ? firstRows(tensor!, ends.rows - ends.grown) : tensor
  })
}

/** How many of the last values are one constant, the others being all different. */
function grownRows(bias: TensorFingerprint): number {
  const values = bias.sample && isSampledWhole(bias) ? storedValues(bias.dtype, bias.sample) : null
  if (!values) return 0
  const kept = values.findLastIndex((value) => value !== values.at(-1)) + 1
  const grown = values.length - kept
  const different = new Set(values).size === kept + 1
  return kept > 1 && grown >= LEAST_GROWN && different ? grown : 0
}

/** The fingerprint of the first rows, where it follows from the whole; else undefined. */
function firstRows(tensor: TensorFingerprint, rows: number): TensorFingerprint | undefined {
  const { rows: all, columns } = matrixShape(tensor.shape)
  if (!tensor.sample || !tensor.sketch || !isSampledWhole(tensor) || tensor.shape[0]! > SKETCH_SIZE) return undefined
  const shape = [rows, ...tensor.shape.slice(1)]
  const share = rows / tensor.shape[0]!
  return {
    ...tensor,
    shape,
    hash: new Uint8Array(0),
    sample: tensor.sample.subarray(0, tensor.sample.length * share),
    sketch:
      all === 1 ? tensor.sketch.subarray(0, rows) : tensor.sketch.subarray(0, rows * Math.min(columns, SKETCH_SIZE)),
    grid: null,
  }
}
