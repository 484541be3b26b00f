/** A small seeded generator (Marsaglia's xorshift32): the same library gives the same support, on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x100000000
  }
}

/** How often each of `count` items is drawn in `count` draws with replacement: one bootstrap replicate. */
export function resample(count: number, random: () => number): Float64Array {
  const weights = new Float64Array(count)
  for (let i = 0; i < count; i++) weights[Math.floor(random() * count)]!++
  return weights
}

/** Standard normal numbers (Box & Muller 1958). */
export function gaussian(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
