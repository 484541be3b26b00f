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
  return mix(<u32>index ^ seed ^ mixHigh(index))
}

/** mix(0) is 0, and an index seldom has more than 32 bits. */
// @ts-ignore: decorator
@inline
function mixHigh(index: u64): u32 {
  const high = <u32>(index >> 32)
  return high ? mix(high) : 0
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

/** Whether four indices from this one on have hashed buckets, and share their high words. */
// @ts-ignore: decorator
@inline
export function canHashFour(index: u64): bool {
  return index >= <u64>SKETCH_SIZE && <u32>index <= 0xfffffffc
}

/** The hashes of four indices from `index` on. */
// @ts-ignore: decorator
@inline
export function hashFour(index: u64, seed: u32): v128 {
  let hash = i32x4.add(i32x4.splat(<i32>index), i32x4(0, 1, 2, 3))
  hash = v128.xor(hash, i32x4.splat(seed ^ mixHigh(index)))
  hash = i32x4.mul(v128.xor(hash, i32x4.shr_u(hash, 16)), i32x4.splat(0x85ebca6b))
  hash = i32x4.mul(v128.xor(hash, i32x4.shr_u(hash, 13)), i32x4.splat(0xc2b2ae35))
  return v128.xor(hash, i32x4.shr_u(hash, 16))
}

/** Buckets of four hashes. */
// @ts-ignore: decorator
@inline
export function bucketsOf(hashes: v128): v128 {
  return i32x4.shr_u(i32x4.mul(i32x4.shr_u(hashes, 16), i32x4.splat(SKETCH_SIZE)), 16)
}
