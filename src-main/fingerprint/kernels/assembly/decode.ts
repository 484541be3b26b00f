/** Counts one bit pattern and stores the value beside its count. */
// @ts-ignore: decorator
@inline
function take(entry: usize, target: usize): void {
  store<u32>(entry, load<u32>(entry) + 1)
  store<u32>(target, load<u32>(entry, 4))
}

// @ts-ignore: decorator
@inline
function decode<T>(source: usize, count: i32, target: usize, patterns: usize): void {
  const size = sizeof<T>()
  const end = source + <usize>count * size
  for (const fours = source + <usize>(count & ~3) * size; source < fours; source += 4 * size, target += 16) {
    take(patterns + (<usize>load<T>(source) << 3), target)
    take(patterns + (<usize>load<T>(source + size) << 3), target + 4)
    take(patterns + (<usize>load<T>(source + 2 * size) << 3), target + 8)
    take(patterns + (<usize>load<T>(source + 3 * size) << 3), target + 12)
  }
  for (; source < end; source += size, target += 4) take(patterns + (<usize>load<T>(source) << 3), target)
}

// See kernels.ts.
export function decode8(source: usize, count: i32, target: usize, patterns: usize): void {
  decode<u8>(source, count, target, patterns)
}
export function decode16(source: usize, count: i32, target: usize, patterns: usize): void {
  decode<u16>(source, count, target, patterns)
}

/** Eight patterns at a time: few of them occur in a small tensor. `count` is a multiple of 8. */
export function findPatterns(patterns: usize, count: i32, target: usize): i32 {
  const start = target
  for (let pattern = 0; pattern < count; pattern += 8, patterns += 64) {
    const left = v128.or(v128.load(patterns), v128.load(patterns, 16))
    const right = v128.or(v128.load(patterns, 32), v128.load(patterns, 48))
    // The counts are the even words.
    const counts = v128.and(v128.or(left, right), i64x2.splat(0xffffffff))
    if (!v128.any_true(counts)) continue
    for (let i = 0; i < 8; i++) {
      store<u32>(target, pattern + i)
      target += load<u32>(patterns + (<usize>i << 3)) ? 4 : 0
    }
  }
  return <i32>((target - start) >> 2)
}

// @ts-ignore: decorator
@inline
function widen<T>(source: usize, count: i32, target: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) store<f64>(target + (i << 3), <f64>load<T>(source + i * sizeof<T>()))
}

export function widenI32(source: usize, count: i32, target: usize): void {
  widen<i32>(source, count, target)
}
export function widenU32(source: usize, count: i32, target: usize): void {
  widen<u32>(source, count, target)
}
export function widenI64(source: usize, count: i32, target: usize): void {
  widen<i64>(source, count, target)
}
export function widenU64(source: usize, count: i32, target: usize): void {
  widen<u64>(source, count, target)
}

// @ts-ignore: decorator
@inline
function clean<T>(source: usize, count: i32, target: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const x = load<T>(source + i * sizeof<T>())
    store<T>(target + i * sizeof<T>(), x - x == 0 ? x : <T>0)
  }
}

export function clean32(source: usize, count: i32, target: usize): void {
  clean<f32>(source, count, target)
}
export function clean64(source: usize, count: i32, target: usize): void {
  clean<f64>(source, count, target)
}
