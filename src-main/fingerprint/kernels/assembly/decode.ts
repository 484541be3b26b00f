/** Looks `count` 8-bit patterns up in a table of F32 and counts them. */
export function decode8(source: usize, count: i32, table: usize, target: usize, counts: usize): void {
  for (let end = source + count; source < end; source++, target += 4) {
    const at = <usize>load<u8>(source) << 2
    store<u32>(counts + at, load<u32>(counts + at) + 1)
    store<f32>(target, load<f32>(table + at))
  }
}

/** Looks `count` 16-bit patterns up in a table of F32 and counts them. */
export function decode16(source: usize, count: i32, table: usize, target: usize, counts: usize): void {
  for (let end = source + (<usize>count << 1); source < end; source += 2, target += 4) {
    const at = <usize>load<u16>(source) << 2
    store<u32>(counts + at, load<u32>(counts + at) + 1)
    store<f32>(target, load<f32>(table + at))
  }
}

// @ts-ignore: decorator
@inline
function widen<T>(source: usize, count: i32, target: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) store<f64>(target + (i << 3), <f64>load<T>(source + i * sizeof<T>()))
}

/** Integers to F64, rounded to nearest, ties to even. */
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

/** Copies with 0 in place of NaN and infinities. */
export function clean32(source: usize, count: i32, target: usize): void {
  clean<f32>(source, count, target)
}
export function clean64(source: usize, count: i32, target: usize): void {
  clean<f64>(source, count, target)
}
