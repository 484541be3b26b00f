import type { Architecture } from './align.ts'
import { tensorKey } from './names.ts'
import { roundsTo, storedValues } from './stored-values.ts'
import { sameBytes, shapeKey } from './tensors.ts'
import type { HeritageModel } from './types.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/** Equal for two models with equal tensors, whatever these are called and in whatever order they come. */
export function contentKey(model: HeritageModel): string {
  return model.tensors
    .map((t) => `${t.dtype}:${shapeKey(t)}:${t.hash.join(',')}`)
    .sort()
    .join('\n')
}

/** Of two models with equal contents: a copy if the tensors also have equal names, otherwise renamed. */
export function copyType(a: HeritageModel, b: HeritageModel): 'copy' | 'renamed' {
  const names = new Map(a.tensors.map((tensor) => [tensorKey(tensor), tensor]))
  const same = b.tensors.every((tensor) => {
    const twin = names.get(tensorKey(tensor))
    return twin !== undefined && sameBytes(twin, tensor)
  })
  return same ? 'copy' : 'renamed'
}

/**
 * Whether one model is the other in another store: every sampled element of every tensor equals its counterpart after
 * rounding. The rounded one is the child; where no rounding was needed, the wider store is (it holds only values of
 * the narrower one, which training would not leave).
 *
 * @returns the positions (parent, child) within the architecture, or null
 */
export function castBetween(
  architecture: Architecture,
  i: number,
  j: number,
): { parent: number; child: number } | null {
  let differs = false
  const downward = { ij: true, ji: true }
  for (const row of architecture.tensors) {
    const a = row[i]
    const b = row[j]
    if (!a && !b) continue
    if (!a || !b || shapeKey(a) !== shapeKey(b)) return null
    if (sameBytes(a, b)) continue
    if (a.dtype === b.dtype || !a.sample || !b.sample) return null
    differs = true
    downward.ij &&= rounds(a, b)
    downward.ji &&= rounds(b, a)
    if (!downward.ij && !downward.ji) return null
  }
  if (!differs) return null
  // Both ways means that nothing was lost: the wider store came second.
  if (downward.ij && downward.ji)
    return bytesPerElement(architecture, i) > bytesPerElement(architecture, j)
      ? { parent: j, child: i }
      : { parent: i, child: j }
  return downward.ij ? { parent: i, child: j } : { parent: j, child: i }
}

/** Equal bytes, or equal numbers but for the rounding to another store. */
export function isUnchanged(a: TensorFingerprint, b: TensorFingerprint): boolean {
  if (sameBytes(a, b)) return true
  return a.dtype !== b.dtype && a.sample !== null && b.sample !== null && (rounds(a, b) || rounds(b, a))
}

function rounds(from: TensorFingerprint, to: TensorFingerprint): boolean {
  const values = storedValues(from.dtype, from.sample!)
  const rounded = storedValues(to.dtype, to.sample!)
  return values !== null && rounded !== null && roundsTo(values, to.dtype, rounded)
}

function bytesPerElement(architecture: Architecture, member: number): number {
  let bytes = 0
  let elements = 0
  for (const row of architecture.tensors) {
    const tensor = row[member]
    if (!tensor?.sample || !tensor.moments) continue
    bytes += tensor.sample.length
    elements += storedValues(tensor.dtype, tensor.sample)?.length ?? 0
  }
  return bytes / elements
}
