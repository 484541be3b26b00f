import { COLUMN_SEED, GROUP_SIZE, ROWS_KEPT, ROW_SEED, SKETCH_SIZE } from '../../constants'
import { bucketOf, bucketsOf, canHashFour, hashFour, hashIndex, signOf } from './hash'

// @ts-ignore: decorator
@inline
function largestLane(values: v128): f32 {
  return max(
    max(f32x4.extract_lane(values, 0), f32x4.extract_lane(values, 1)),
    max(f32x4.extract_lane(values, 2), f32x4.extract_lane(values, 3)),
  )
}

/** Adds one piece of a row, signed, to the sums of its bucket. Returns the largest magnitude in it. */
// @ts-ignore: decorator
@inline
function addPiece32(source: usize, count: usize, sign: f64, sums: usize): f32 {
  const signs = f64x2.splat(sign)
  let largest = f32x4.splat(0)
  const fours = source + ((count & ~3) << 2)
  const end = source + (count << 2)
  for (; source < fours; source += 16, sums += 32) {
    const x = v128.load(source)
    const left = f64x2.promote_low_f32x4(x)
    const right = f64x2.promote_low_f32x4(v128.load64_zero(source, 8))
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(left, signs)))
    v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.mul(right, signs)), 16)
    largest = f32x4.pmax(largest, f32x4.abs(x))
  }
  let most = largestLane(largest)
  for (; source < end; source += 4, sums += 8) {
    const x = load<f32>(source)
    store<f64>(sums, load<f64>(sums) + <f64>x * sign)
    most = max(most, abs(x))
  }
  return most
}

// @ts-ignore: decorator
@inline
function addPiece64(source: usize, count: usize, sign: f64, sums: usize): void {
  for (let end = source + (count << 3); source < end; source += 8, sums += 8) {
    store<f64>(sums, load<f64>(sums) + load<f64>(source) * sign)
  }
}

// @ts-ignore: decorator
@inline
function keepLargest(rowMaxima: usize, row: u64, value: f32): void {
  if (row >= <u64>ROWS_KEPT) return
  const place = rowMaxima + (<usize>row << 2)
  store<f32>(place, max(load<f32>(place), value))
}

// @ts-ignore: decorator
@inline
function addTo(place: usize, value: f64): void {
  store<f64>(place, load<f64>(place) + value)
}

/** Adds one piece of a row straight to the buckets of its columns. Returns the largest magnitude in it. */
// @ts-ignore: decorator
@inline
function scatterPiece<T>(source: usize, count: usize, column: u64, sign: f64, buckets: usize): f32 {
  const rowFlip = i32x4.splat(sign < 0 ? i32.MIN_VALUE : 0)
  let largest = f32x4.splat(0)
  let most: f32 = 0
  const end = source + count * sizeof<T>()
  while (source < end) {
    if (source + 4 * sizeof<T>() <= end && canHashFour(column)) {
      const hashes = hashFour(column, COLUMN_SEED)
      const flips = v128.xor(i32x4.shl(hashes, 31), rowFlip)
      let left = v128.load(source), right: v128
      if (sizeof<T>() == 4) {
        largest = f32x4.pmax(largest, f32x4.abs(left))
        left = v128.xor(left, flips)
        right = f64x2.promote_low_f32x4(i64x2.shuffle(left, left, 1, 1))
        left = f64x2.promote_low_f32x4(left)
      } else {
        left = v128.xor(left, i64x2.shl(i64x2.extend_low_i32x4_u(flips), 32))
        right = v128.xor(v128.load(source, 16), i64x2.shl(i64x2.extend_high_i32x4_u(flips), 32))
      }
      const places = i32x4.add(i32x4.splat(<i32>buckets), i32x4.shl(bucketsOf(hashes), 3))
      addTo(<usize>i32x4.extract_lane(places, 0), f64x2.extract_lane(left, 0))
      addTo(<usize>i32x4.extract_lane(places, 1), f64x2.extract_lane(left, 1))
      addTo(<usize>i32x4.extract_lane(places, 2), f64x2.extract_lane(right, 0))
      addTo(<usize>i32x4.extract_lane(places, 3), f64x2.extract_lane(right, 1))
      source += 4 * sizeof<T>()
      column += 4
    } else {
      const x = load<T>(source)
      const hash = hashIndex(column, COLUMN_SEED)
      addTo(buckets + (<usize>bucketOf(column, hash) << 3), <f64>x * sign * signOf(column, hash))
      most = max(most, <f32>abs(x))
      source += sizeof<T>()
      column++
    }
  }
  return max(most, largestLane(largest))
}

/** One row of a matrix after the other, from (row, column) on: into one sum per column, or straight into the sketch. */
// @ts-ignore: decorator
@inline
function eachRow<T>(
  source: usize, count: i32, row: f64, column: f64, columns: f64, target: usize, rowMaxima: usize, scatter: bool,
): void {
  const width = <u64>columns
  const stride = scatter ? min(width, <u64>SKETCH_SIZE) : width
  let i = <u64>row, j = <u64>column, left = <u64>count
  while (left) {
    const piece = <usize>min(left, width - j)
    const hash = hashIndex(i, ROW_SEED)
    const sign = signOf(i, hash)
    const bucket = target + (<usize>(bucketOf(i, hash) * stride) << 3)
    let most: f32 = 0
    if (scatter) most = scatterPiece<T>(source, piece, j, sign, bucket)
    else if (sizeof<T>() == 4) most = addPiece32(source, piece, sign, bucket + (<usize>j << 3))
    else addPiece64(source, piece, sign, bucket + (<usize>j << 3))
    if (sizeof<T>() == 4) keepLargest(rowMaxima, i, most)
    source += piece * sizeof<T>()
    left -= piece
    j = 0
    i++
  }
}

// See kernels.ts.
export function addRows32(
  source: usize, count: i32, row: f64, column: f64, columns: f64, sums: usize, rowMaxima: usize,
): void {
  eachRow<f32>(source, count, row, column, columns, sums, rowMaxima, false)
}
export function addRows64(source: usize, count: i32, row: f64, column: f64, columns: f64, sums: usize): void {
  eachRow<f64>(source, count, row, column, columns, sums, 0, false)
}
export function scatterRows32(
  source: usize, count: i32, row: f64, column: f64, columns: f64, sketch: usize, rowMaxima: usize,
): void {
  eachRow<f32>(source, count, row, column, columns, sketch, rowMaxima, true)
}
export function scatterRows64(source: usize, count: i32, row: f64, column: f64, columns: f64, sketch: usize): void {
  eachRow<f64>(source, count, row, column, columns, sketch, 0, true)
}

export function foldColumns(sums: usize, rows: i32, columns: i32, sketch: usize): void {
  const stride = min(columns, SKETCH_SIZE)
  for (let i = 0; i < rows; i++) {
    scatterPiece<f64>(sums, columns, 0, 1, sketch)
    sums += <usize>columns << 3
    sketch += <usize>stride << 3
  }
}

/** The largest magnitude in every group of 32 finite F32 values; the last group may be short. */
export function groupMaxima(source: usize, count: i32, target: usize): void {
  for (let left = count; left > 0; left -= GROUP_SIZE, target += 4) {
    store<f32>(target, largestOf(source, min(left, GROUP_SIZE)))
    source += GROUP_SIZE << 2
  }
}

// @ts-ignore: decorator
@inline
function largestOf(source: usize, count: i32): f32 {
  if (count < GROUP_SIZE) {
    let most: f32 = 0
    for (let i = 0; i < count; i++) most = max(most, abs(load<f32>(source + (<usize>i << 2))))
    return most
  }
  let largest = f32x4.abs(v128.load(source))
  for (let i: usize = 16; i < <usize>GROUP_SIZE << 2; i += 16) {
    largest = f32x4.pmax(largest, f32x4.abs(v128.load(source + i)))
  }
  return largestLane(largest)
}
