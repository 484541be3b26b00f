import { SAMPLE_SEED, SAMPLE_SIZE } from './constants.ts'
import { hashIndex } from './hashing.ts'

/** Seeds of two levels are this far apart, so that levels choose independently. */
const LEVEL_STEP = 0x9e3779b9

/** Models repeat a few sizes, and a position costs up to forty hashes. */
const MOST_KEPT = 64
const known = new Map<number, Float64Array>()

/** The same positions for the next tensors of one size: not to be changed. */
export function keptPositions(count: number): Float64Array {
  const positions = known.get(count) ?? samplePositions(count)
  if (known.size >= MOST_KEPT) known.clear()
  known.set(count, positions)
  return positions
}

/**
 * The flat positions, ascending, that a tensor of `count` elements is sampled at: all of them below 2 × SAMPLE_SIZE,
 * else one from every block of 2^level, at least SAMPLE_SIZE. They depend on the count alone, and the positions for
 * a longer tensor that exist in a shorter one are among the shorter one's.
 */
export function samplePositions(count: number): Float64Array {
  const level = sampleLevel(count)
  const blocks = Math.ceil(count / 2 ** level)
  const positions = new Float64Array(blocks)
  for (let block = 0; block < blocks; block++) positions[block] = pick(level, block)
  // Only the last block can be partial.
  return blocks > 0 && positions[blocks - 1]! >= count ? positions.subarray(0, blocks - 1) : positions
}

/** floor(log2(count / SAMPLE_SIZE)), at least 0. */
function sampleLevel(count: number): number {
  let level = 0
  while (count >= SAMPLE_SIZE * 2 ** (level + 1)) level++
  return level
}

/** Halves the block `level` times, each time to the half that the hash of (level, block) names. */
function pick(level: number, block: number): number {
  for (; level > 0; level--) block = 2 * block + (hashIndex(block, SAMPLE_SEED + level * LEVEL_STEP) & 1)
  return block
}
