import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { centredInner, isMatrix, isWeight, sameBytes, shapeKey } from '../tensors.ts'

/** z-score from which two tensors share content: unrelated ones reach 6 once in 10⁹ comparisons. */
const SHARED_CONTENT_Z = 6

interface Pair {
  readonly key: string
  readonly slot: number
  readonly z: number
}

/**
 * Matches the tensors of a layout with unknown names to the slots of an architecture by what is in them: the pairs of
 * equal shape whose contents correlate most, each tensor used once. Tries every known model as the counterpart and
 * keeps the one that explains most tensors.
 *
 * @param tensors one model of the unknown layout
 * @param candidates tensors by slot, one map per model of the architecture
 * @returns slot of each tensor that found one
 */
export function matchByContent(
  tensors: ReadonlyMap<string, TensorFingerprint>,
  candidates: Iterable<ReadonlyMap<number, TensorFingerprint>>,
): Map<string, number> {
  const probe = rarestShape(tensors)
  const weights = [...tensors.values()].filter(isWeight).length
  let best = new Map<string, number>()
  for (const candidate of candidates) {
    // One cheap look before the full comparison: a relative shares content in its most distinctive tensors.
    if (correlatedPairs(probe, candidate, isMatrix).length === 0) continue
    const match = new Map<string, number>()
    takeBest(match, correlatedPairs(tensors, candidate, isMatrix))
    takeBest(
      match,
      correlatedPairs(tensors, candidate, (tensor) => !isMatrix(tensor)),
    )
    if (match.size > best.size) best = match
    if (best.size === weights) break
  }
  return best
}

/** The matrices whose shape is shared with the fewest others. */
function rarestShape(tensors: ReadonlyMap<string, TensorFingerprint>): Map<string, TensorFingerprint> {
  const byShape = new Map<string, [string, TensorFingerprint][]>()
  for (const [key, tensor] of tensors) {
    if (!isMatrix(tensor) || !isWeight(tensor)) continue
    const shape = shapeKey(tensor)
    byShape.set(shape, [...(byShape.get(shape) ?? []), [key, tensor]])
  }
  const groups = [...byShape.values()].sort((a, b) => a.length - b.length)
  return new Map(groups[0] ?? [])
}

/** Pairs of one shape that share content, best first. */
function correlatedPairs(
  tensors: ReadonlyMap<string, TensorFingerprint>,
  slots: ReadonlyMap<number, TensorFingerprint>,
  wanted: (tensor: TensorFingerprint) => boolean,
): Pair[] {
  const byShape = new Map<string, [number, TensorFingerprint][]>()
  for (const [slot, tensor] of slots) {
    if (!wanted(tensor) || !isWeight(tensor)) continue
    const shape = shapeKey(tensor)
    byShape.set(shape, [...(byShape.get(shape) ?? []), [slot, tensor]])
  }
  const pairs: Pair[] = []
  for (const [key, tensor] of tensors) {
    if (!wanted(tensor) || !isWeight(tensor)) continue
    for (const [slot, other] of byShape.get(shapeKey(tensor)) ?? []) {
      const { inner, variance } = centredInner(tensor, other)
      const z = sameBytes(tensor, other) ? Infinity : inner / Math.sqrt(variance)
      if (z > SHARED_CONTENT_Z) pairs.push({ key, slot, z })
    }
  }
  return pairs.sort((a, b) => (a.z === b.z ? 0 : b.z - a.z))
}

function takeBest(match: Map<string, number>, pairs: readonly Pair[]): void {
  const taken = new Set(match.values())
  for (const { key, slot } of pairs) {
    if (match.has(key) || taken.has(slot)) continue
    match.set(key, slot)
    taken.add(slot)
  }
}
