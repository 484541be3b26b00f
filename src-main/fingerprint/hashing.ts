import { COLUMN_SEED, ROW_SEED, SKETCH_SIZE } from './constants.ts'

/** The finalizer of MurmurHash3 (Appleby 2011): a bijection of 32-bit integers. */
function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** The fixed 32-bit hash, unsigned, of an index below 2^53. */
export function hashIndex(index: number, seed: number): number {
  return mix(index ^ seed ^ mix(Math.floor(index / 2 ** 32))) >>> 0
}

/** Where an index of a row or column goes in the sketch, and with which sign: a function of the index alone. */
export interface Slot {
  /** 0 to SKETCH_SIZE - 1. */
  readonly bucket: number
  readonly sign: 1 | -1
}

export const rowSlot = (index: number): Slot => slot(index, ROW_SEED)
export const columnSlot = (index: number): Slot => slot(index, COLUMN_SEED)

function slot(index: number, seed: number): Slot {
  if (index < SKETCH_SIZE) return { bucket: index, sign: 1 }
  const hash = hashIndex(index, seed)
  return { bucket: ((hash >>> 16) * SKETCH_SIZE) >>> 16, sign: hash & 1 ? -1 : 1 }
}
