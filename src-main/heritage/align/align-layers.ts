import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { layerOf } from './names.ts'
import { centredCosine, elementCount, isMatrix, isWeight, shapeKey } from '../tensors.ts'

/** The layers of a model's main stack by number, each with its tensors by role ("attention.query.weight"). */
type Stack = ReadonlyMap<number, ReadonlyMap<string, TensorFingerprint>>

/**
 * Where layers were left out and the rest renumbered, names mislead. Finds which layers of a fuller relative the layers
 * of a model are: in order, each used once, so that their contents agree most.
 *
 * @param own tensors by slot name, after alignment by name
 * @param relatives the same for models with more layers in the stack
 * @returns the true layer of each own layer, or null where the numbers can stay
 */
export function matchLayers(
  own: ReadonlyMap<string, TensorFingerprint>,
  relatives: readonly ReadonlyMap<string, TensorFingerprint>[],
  stack: string,
): Map<number, number> | null {
  const layers = layersOf(own, stack)
  const numbers = [...layers.keys()].sort((a, b) => a - b)
  const role = largestRole(layers)
  if (role === null) return null
  let best = { agreement: -Infinity, numbers }
  for (const relative of relatives) {
    const theirs = layersOf(relative, stack)
    const candidates = [...theirs.keys()].sort((a, b) => a - b)
    const agreement = numbers.map((j) =>
      candidates.map((i) => alike(layers.get(j)?.get(role), theirs.get(i)?.get(role))),
    )
    const found = bestSelection(agreement)
    if (found.agreement > best.agreement) {
      best = { agreement: found.agreement, numbers: found.chosen.map((at) => candidates[at]!) }
    }
  }
  const moved = best.numbers.some((number, at) => number !== numbers[at])
  return moved ? new Map(numbers.map((number, at) => [number, best.numbers[at]!])) : null
}

function layersOf(tensors: ReadonlyMap<string, TensorFingerprint>, stack: string): Stack {
  const layers = new Map<number, Map<string, TensorFingerprint>>()
  for (const [name, tensor] of tensors) {
    const place = layerOf(name)
    if (place?.stack !== stack) continue
    const layer = layers.get(place.layer) ?? new Map<string, TensorFingerprint>()
    layers.set(place.layer, layer.set(place.role, tensor))
  }
  return layers
}

/** One matrix of each layer is enough to know it by: the largest has the surest sketch. */
function largestRole(layers: Stack): string | null {
  const [first] = layers.values()
  const matrices = [...(first ?? [])].filter(([, tensor]) => isMatrix(tensor) && isWeight(tensor))
  return matrices.sort(([, a], [, b]) => elementCount(b) - elementCount(a))[0]?.[0] ?? null
}

function alike(a: TensorFingerprint | undefined, b: TensorFingerprint | undefined): number {
  return a && b && isWeight(a) && isWeight(b) && shapeKey(a) === shapeKey(b) ? centredCosine(a, b) : 0
}

/**
 * Chooses one column for each row, strictly ascending, with the largest sum (dynamic programming over prefixes).
 *
 * @param table rows × columns with at least as many columns as rows
 */
export function bestSelection(table: readonly (readonly number[])[]): { agreement: number; chosen: number[] } {
  const columns = table[0]?.length ?? 0
  // best[r][c]: the first r rows placed in the first c columns.
  const best = Array.from({ length: table.length + 1 }, (_, r) =>
    new Float64Array(columns + 1).fill(r === 0 ? 0 : -Infinity),
  )
  for (let r = 1; r <= table.length; r++) {
    for (let c = r; c <= columns; c++)
      best[r]![c] = Math.max(best[r]![c - 1]!, best[r - 1]![c - 1]! + table[r - 1]![c - 1]!)
  }
  const chosen: number[] = []
  for (let r = table.length, c = columns; r > 0 && c > 0; c--) {
    if (best[r]![c] === best[r]![c - 1]) continue
    chosen.unshift(c - 1)
    r--
  }
  return { agreement: best[table.length]![columns]!, chosen }
}
