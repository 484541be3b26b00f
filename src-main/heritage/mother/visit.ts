import type { Layer, WeightSource } from './types.ts'

/** Receives each model once and each pair once, by position in the list of members. */
export interface PairVisitor {
  model?(member: number, values: Float64Array): void
  pair(a: number, b: number, x: Float64Array, y: Float64Array): void
}

/**
 * Brings every pair of models together over one range of a layer: a block of models is held, and all later ones pass
 * by it. Where the block holds all, each model is read once; where nothing is held, both models of every pair are.
 */
export async function visitPairs(
  source: WeightSource,
  layer: Layer,
  members: readonly number[],
  [from, to]: readonly [number, number],
  visitor: PairVisitor,
): Promise<void> {
  if (source.heldElements === 0) return visitPairsAnew(source, layer, members, [from, to], visitor)
  const size = Math.max(1, Math.floor(source.heldElements / (to - from)))
  // The first block meets every model; the last one needs no block of its own.
  for (let start = 0; start === 0 || start < members.length - 1; start += size) {
    const block: Float64Array[] = []
    for (let next = start; next < members.length; next++) {
      const values = await source.read(layer, members[next]!, from, to)
      if (start === 0) visitor.model?.(next, values)
      block.forEach((other, offset) => visitor.pair(start + offset, next, other, values))
      if (next < start + size) block.push(values)
    }
  }
}

/** Reads both models for each pair, so that n models are read n − 1 times each. */
async function visitPairsAnew(
  source: WeightSource,
  layer: Layer,
  members: readonly number[],
  [from, to]: readonly [number, number],
  visitor: PairVisitor,
): Promise<void> {
  const read = (at: number): Promise<Float64Array> => source.read(layer, members[at]!, from, to)
  if (members.length === 1) visitor.model?.(0, await read(0))
  for (let a = 0; a < members.length; a++) {
    for (let b = a + 1; b < members.length; b++) {
      const [x, y] = [await read(a), await read(b)]
      // The pairs of the first model show every model.
      if (b === 1) visitor.model?.(a, x)
      if (a === 0) visitor.model?.(b, y)
      visitor.pair(a, b, x, y)
    }
  }
}
