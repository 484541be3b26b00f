import { SKETCH_SIZE } from '../../src-main/fingerprint/constants.ts'
import { columnSlot, rowSlot, type Slot } from '../../src-main/fingerprint/hashing.ts'
import { LONGEST_SUM } from './layout.ts'

/** Indices sorted by their bucket of the sketch and cut into runs of at most LONGEST_SUM, each of one bucket. */
export interface BucketRuns {
  /** The bucket of each run. */
  readonly buckets: Uint8Array
  /** Where each run begins in `entries`, and where the last one ends. */
  readonly starts: Uint32Array
  /** Twice the index, counted from the first, plus 1 where its sign is −1. */
  readonly entries: Uint32Array
}

/** Matrices of a model share a few widths. */
const MOST_KEPT = 64
const known = new Map<string, BucketRuns>()

export function rowRuns(first: number, count: number): BucketRuns {
  return bucketRuns(rowSlot, first, count)
}

/** The same object for the same columns, so that a batch uploads it once. */
export function columnRuns(first: number, count: number): BucketRuns {
  const key = `${first}:${count}`
  const runs = known.get(key) ?? bucketRuns(columnSlot, first, count)
  if (known.size >= MOST_KEPT) known.clear()
  known.set(key, runs)
  return runs
}

function bucketRuns(slotOf: (index: number) => Slot, first: number, count: number): BucketRuns {
  const entries = new Uint32Array(count)
  const placed = new Uint8Array(count)
  const sizes = new Uint32Array(SKETCH_SIZE)
  const signs = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const { bucket, sign } = slotOf(first + i)
    placed[i] = bucket
    signs[i] = sign < 0 ? 1 : 0
    sizes[bucket]!++
  }
  const next = new Uint32Array(SKETCH_SIZE)
  const buckets: number[] = []
  const starts: number[] = []
  let place = 0
  sizes.forEach((size, bucket) => {
    next[bucket] = place
    for (let at = 0; at < size; at += LONGEST_SUM) {
      buckets.push(bucket)
      starts.push(place + at)
    }
    place += size
  })
  for (let i = 0; i < count; i++) entries[next[placed[i]!]!++] = 2 * i + signs[i]!
  return { buckets: Uint8Array.from(buckets), starts: Uint32Array.from([...starts, place]), entries }
}
