import { SKETCH_SIZE } from '../../constants'

/** The finalizer of MurmurHash3 (Appleby 2011). */
// @ts-ignore: decorator
@inline
function mix(hash: u32): u32 {
  hash = (hash ^ (hash >>> 16)) * 0x85ebca6b
  hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35
  return hash ^ (hash >>> 16)
}

/** The fixed hash of an index: see hashing.ts. */
// @ts-ignore: decorator
@inline
export function hashIndex(index: u64, seed: u32): u32 {
  return mix(<u32>index ^ seed ^ mix(<u32>(index >> 32)))
}

/** Bucket of a row or column whose hash is given. */
// @ts-ignore: decorator
@inline
export function bucketOf(index: u64, hash: u32): u32 {
  return select(<u32>index, ((hash >>> 16) * SKETCH_SIZE) >>> 16, index < <u64>SKETCH_SIZE)
}

/** +1 or -1, without a branch: nobody could foretell it. */
// @ts-ignore: decorator
@inline
export function signOf(index: u64, hash: u32): f64 {
  return <f64>(1 - <i32>((hash & <u32>(index >= <u64>SKETCH_SIZE)) << 1))
}
