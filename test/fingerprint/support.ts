/** A reproducible generator of numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Standard normal numbers (Box & Muller). */
export function gaussian(count: number, seed: number, sigma = 1, mean = 0): Float64Array {
  const next = random(seed)
  return Float64Array.from(
    { length: count },
    () => mean + sigma * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  )
}

export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

export const float32 = (values: ArrayLike<number>) => bytesOf(new Float32Array(values))

export const float64 = (values: ArrayLike<number>) => bytesOf(new Float64Array(values))

export const float16 = (values: ArrayLike<number>) => {
  const view = new DataView(new ArrayBuffer(values.length * 2))
  for (let i = 0; i < values.length; i++) view.setFloat16(2 * i, values[i]!, true)
  return bytesOf(view)
}

/** Rounded to nearest, ties away from zero, which is near enough for finite numbers. */
export const bfloat16 = (values: ArrayLike<number>) => {
  const bits = new Uint32Array(new Float32Array(values).buffer)
  return bytesOf(Uint16Array.from(bits, (b) => (b + 0x8000) >>> 16))
}

/** The numbers in BF16 bytes. */
export function fromBfloat16(bytes: Uint8Array): Float32Array {
  const patterns = new Uint16Array(bytes.slice().buffer)
  return new Float32Array(Uint32Array.from(patterns, (p) => p << 16).buffer)
}

/** What a two-pass float64 program says of the moments. */
export function referenceMoments(values: ArrayLike<number>) {
  const all = Array.from(values)
  const finite = all.filter(Number.isFinite)
  const n = finite.length
  const sum = (f: (x: number) => number) => {
    // Kahan's compensated sum.
    let total = 0
    let lost = 0
    for (const x of finite) {
      const y = f(x) - lost
      const t = total + y
      lost = t - total - y
      total = t
    }
    return total
  }
  const mean = sum((x) => x) / n
  const variance = sum((x) => (x - mean) ** 2) / n
  const sizes = finite.map(Math.abs).filter((x) => x > 0)
  return {
    count: all.length,
    nan: all.filter(Number.isNaN).length,
    infinite: all.filter((x) => Math.abs(x) === Infinity).length,
    zeros: finite.filter((x) => x === 0).length,
    min: n ? finite.reduce((a, b) => Math.min(a, b)) : NaN,
    max: n ? finite.reduce((a, b) => Math.max(a, b)) : NaN,
    mean,
    variance,
    skewness: sum((x) => (x - mean) ** 3) / n / variance ** 1.5,
    excessKurtosis: sum((x) => (x - mean) ** 4) / n / variance ** 2 - 3,
    l1: sum(Math.abs),
    sumSquares: sum((x) => x * x),
    smallestNonZero: sizes.length ? sizes.reduce((a, b) => Math.min(a, b)) : NaN,
  }
}
