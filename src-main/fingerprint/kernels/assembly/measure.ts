import { LANES, LOWEST_EXPONENT_32, LOWEST_EXPONENT_64 } from '../../constants'

// Byte offsets of the running values: the order of SUMS in kernels.ts.
const MIN: usize = 40
const MAX: usize = 48
const SMALLEST: usize = 56
const NAN: usize = 64
const INFINITE: usize = 72
const ZEROS: usize = 80

// @ts-ignore: decorator
@inline
function add(place: usize, value: f64): void {
  store<f64>(place, load<f64>(place) + value)
}

// @ts-ignore: decorator
@inline
function increment(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1)
}

/** floor(log2|x|) of a finite x that is not 0. */
// @ts-ignore: decorator
@inline
function exponentOf(x: f64): i32 {
  const bits = reinterpret<u64>(x) & 0x7fffffffffffffff
  const biased = <i32>(bits >> 52)
  return biased ? biased - 1023 : LOWEST_EXPONENT_64 + 63 - <i32>clz(bits)
}

/** Element by element, for any values. Returns how many are not finite. */
// @ts-ignore: decorator
@inline
function measureEach<T>(source: usize, count: i32, shift: f64, sums: usize, bins: usize, lowest: i32): i32 {
  let s1: f64 = 0, s2: f64 = 0, s3: f64 = 0, s4: f64 = 0, absolute: f64 = 0
  let low = load<f64>(sums + MIN), high = load<f64>(sums + MAX), smallest = load<f64>(sums + SMALLEST)
  let nan = 0, infinite = 0, zeros = 0
  for (let i: usize = 0; i < <usize>count; i++) {
    const x = <f64>load<T>(source + i * sizeof<T>())
    const size = abs(x)
    if (x != x) nan++
    else if (size == Infinity) infinite++
    else {
      const d = x - shift, square = d * d
      s1 += d
      s2 += square
      s3 += square * d
      s4 += square * square
      absolute += size
      low = min(low, x)
      high = max(high, x)
      if (size == 0) zeros++
      else {
        smallest = min(smallest, size)
        increment(bins + (<usize>((exponentOf(x) - lowest) * LANES) << 2))
      }
    }
  }
  add(sums, s1)
  add(sums + 8, s2)
  add(sums + 16, s3)
  add(sums + 24, s4)
  add(sums + 32, absolute)
  store<f64>(sums + MIN, low)
  store<f64>(sums + MAX, high)
  store<f64>(sums + SMALLEST, smallest)
  add(sums + NAN, nan)
  add(sums + INFINITE, infinite)
  add(sums + ZEROS, zeros)
  return nan + infinite
}

// @ts-ignore: decorator
@inline
function addLanes(place: usize, pair: v128): void {
  add(place, f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1))
}

/** Four at a time; every value must be finite and none subnormal; `count` is a multiple of 4. */
function measureNormal32(source: usize, count: i32, shift: f64, sums: usize, first: usize): void {
  const c = f64x2.splat(shift)
  const bins = i32x4.add(i32x4.splat(<i32>first), i32x4(0, 4, 8, 12))
  let s1 = f64x2.splat(0), s2 = s1, s3 = s1, s4 = s1, absolute = s1
  for (let end = source + (<usize>count << 2); source < end; source += 16) {
    const x = v128.load(source)
    const left = f64x2.promote_low_f32x4(x)
    const right = f64x2.promote_low_f32x4(v128.load64_zero(source, 8))
    const a = f64x2.sub(left, c), b = f64x2.sub(right, c)
    const aa = f64x2.mul(a, a), bb = f64x2.mul(b, b)
    s1 = f64x2.add(s1, f64x2.add(a, b))
    s2 = f64x2.add(s2, f64x2.add(aa, bb))
    s3 = f64x2.add(s3, f64x2.add(f64x2.mul(aa, a), f64x2.mul(bb, b)))
    s4 = f64x2.add(s4, f64x2.add(f64x2.mul(aa, aa), f64x2.mul(bb, bb)))
    absolute = f64x2.add(absolute, f64x2.add(f64x2.abs(left), f64x2.abs(right)))
    const counters = i32x4.add(bins, v128.and(i32x4.shr_u(x, 19), i32x4.splat(0xff0)))
    increment(<usize>i32x4.extract_lane(counters, 0))
    increment(<usize>i32x4.extract_lane(counters, 1))
    increment(<usize>i32x4.extract_lane(counters, 2))
    increment(<usize>i32x4.extract_lane(counters, 3))
  }
  addLanes(sums, s1)
  addLanes(sums + 8, s2)
  addLanes(sums + 16, s3)
  addLanes(sums + 24, s4)
  addLanes(sums + 32, absolute)
}

/** Takes over what one lane of a block of normal values has seen; `smallest` is one less than the bits. */
// @ts-ignore: decorator
@inline
function takeLane(sums: usize, low: f32, high: f32, smallest: i32, zeros: i32, lowestExponent: usize): void {
  store<f64>(sums + MIN, min(load<f64>(sums + MIN), <f64>low))
  store<f64>(sums + MAX, max(load<f64>(sums + MAX), <f64>high))
  if (smallest != -1) {
    store<f64>(sums + SMALLEST, min(load<f64>(sums + SMALLEST), <f64>reinterpret<f32>(smallest + 1)))
  }
  add(sums + ZEROS, zeros)
  // Zeros went to the lowest exponent.
  store<u32>(lowestExponent, load<u32>(lowestExponent) - zeros)
}

/**
 * Adds `count` F32 values to the running sums and the exponent counts. Blocks of finite normal values and zeros, which
 * is nearly all there are, go the fast way. Returns how many are not finite.
 */
export function measure32(source: usize, count: i32, shift: f64, sums: usize, bins: usize): i32 {
  const fours = count & ~3
  let low = f32x4.splat(Infinity), high = f32x4.splat(-Infinity)
  let largest = i32x4.splat(0), smallest = i32x4.splat(-1), zeros = i32x4.splat(0)
  for (let place = source, end = source + (<usize>fours << 2); place < end; place += 16) {
    const x = v128.load(place)
    const bits = v128.and(x, i32x4.splat(0x7fffffff))
    low = f32x4.pmin(low, x)
    high = f32x4.pmax(high, x)
    largest = i32x4.max_s(largest, bits)
    // One less, so that zeros become the largest of all.
    smallest = i32x4.min_u(smallest, i32x4.sub(bits, i32x4.splat(1)))
    zeros = i32x4.sub(zeros, i32x4.eq(bits, i32x4.splat(0)))
  }
  const special = v128.or(
    i32x4.ge_s(largest, i32x4.splat(0x7f800000)),
    i32x4.lt_u(smallest, i32x4.splat(0x007fffff)),
  )
  if (v128.any_true(special)) return measureEach<f32>(source, count, shift, sums, bins, LOWEST_EXPONENT_32)

  // A biased exponent b (1 upwards) is floor(log2|x|) = b - 127.
  const first = bins + (<usize>((-127 - LOWEST_EXPONENT_32) * LANES) << 2)
  measureNormal32(source, fours, shift, sums, first)
  takeLane(
    sums, f32x4.extract_lane(low, 0), f32x4.extract_lane(high, 0),
    i32x4.extract_lane(smallest, 0), i32x4.extract_lane(zeros, 0), first + 0,
  )
  takeLane(
    sums, f32x4.extract_lane(low, 1), f32x4.extract_lane(high, 1),
    i32x4.extract_lane(smallest, 1), i32x4.extract_lane(zeros, 1), first + 4,
  )
  takeLane(
    sums, f32x4.extract_lane(low, 2), f32x4.extract_lane(high, 2),
    i32x4.extract_lane(smallest, 2), i32x4.extract_lane(zeros, 2), first + 8,
  )
  takeLane(
    sums, f32x4.extract_lane(low, 3), f32x4.extract_lane(high, 3),
    i32x4.extract_lane(smallest, 3), i32x4.extract_lane(zeros, 3), first + 12,
  )
  return measureEach<f32>(source + (<usize>fours << 2), count - fours, shift, sums, bins, LOWEST_EXPONENT_32)
}

/** The same for F64, one at a time. */
export function measure64(source: usize, count: i32, shift: f64, sums: usize, bins: usize): i32 {
  return measureEach<f64>(source, count, shift, sums, bins, LOWEST_EXPONENT_64)
}
