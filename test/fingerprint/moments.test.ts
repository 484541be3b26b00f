import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Moments } from '../../src-main/fingerprint/types.ts'
import type { Dtype } from '../../src-main/formats/dtype.ts'
import { measure, measurers } from '../support/kernels.ts'
import {
  bfloat16,
  bytesOf,
  float16,
  float32,
  float64,
  fromBfloat16,
  gaussian,
  random,
  referenceMoments,
} from './support.ts'

type Row = [name: string, dtype: Dtype, bytes: Uint8Array, values: ArrayLike<number>]

const EXACT = ['count', 'nan', 'infinite', 'zeros', 'min', 'max', 'smallestNonZero'] as const

/** Counts and extremes exactly, sums to a part in 10^12, shape to 1e-9 absolute. */
function expectMoments(moments: Moments | null, values: ArrayLike<number>, shapeTolerance = 1e-9) {
  const wanted = referenceMoments(values)
  const scale = Math.sqrt(wanted.variance) + Math.abs(wanted.mean)
  expect(moments).not.toBeNull()
  if (!moments) return
  for (const key of EXACT) expect(moments[key], key).toBe(wanted[key])
  expect(Math.abs(moments.mean - wanted.mean) / scale, 'mean').toBeLessThan(1e-12)
  for (const key of ['variance', 'l1', 'sumSquares'] as const) {
    expect(Math.abs(moments[key] / wanted[key] - 1), key).toBeLessThan(1e-10)
  }
  expect(Math.abs(moments.skewness - wanted.skewness), 'skewness').toBeLessThan(shapeTolerance)
  expect(Math.abs(moments.excessKurtosis - wanted.excessKurtosis), 'excess kurtosis').toBeLessThan(shapeTolerance)
}

const single = (name: string, values: Iterable<number>): Row => {
  const stored = Float32Array.from(values)
  return [name, 'F32', bytesOf(stored), stored]
}
const integers = (name: Dtype, stored: ArrayBufferView & Iterable<number | bigint>): Row => [
  'integers',
  name,
  bytesOf(stored),
  Array.from(stored, Number),
]
const COUNT = 9001
const noise = gaussian(COUNT, 1)
const some = random(2)
const special = noise.map((x, i) => (i % 97 === 5 ? NaN : i % 101 === 7 ? -Infinity : i % 7 === 0 ? 0 : x))
const patterns8 = Uint8Array.from({ length: 5000 }, () => some() * 256)

const rows: Row[] = [
  single('normal', noise),
  single(
    'at scale 1e-12',
    noise.map((x) => x * 1e-12),
  ),
  single(
    'at scale 1e12',
    noise.map((x) => x * 1e12),
  ),
  single(
    'with a mean of 10,000 sigma',
    noise.map((x) => 1 + x * 1e-4),
  ),
  single(
    'beginning with zeros, mean 1',
    noise.map((x, i) => (i < 5000 ? 0 : 1 + 0.001 * x)),
  ),
  single(
    'heavy-tailed',
    noise.map((x) => x ** 5),
  ),
  single('with NaN, infinities and zeros', special),
  single(
    'beginning with a block of NaN',
    noise.map((x, i) => (i < 4500 ? NaN : 1 + 0.001 * x)),
  ),
  single(
    'with subnormals',
    noise.map((x, i) => (i % 3 ? x * 2 ** -130 : x)),
  ),
  ['normal', 'F64', float64(noise), noise],
  ['with NaN, infinities and zeros', 'F64', float64(special), special],
  ['normal', 'F16', float16(noise), noise.map(Math.f16round)],
  ['with subnormals', 'F16', float16(noise.map((x) => x * 1e-6)), noise.map((x) => Math.f16round(x * 1e-6))],
  ['with NaN, infinities and zeros', 'F16', float16(special), special.map(Math.f16round)],
  ['normal', 'BF16', bfloat16(noise), fromBfloat16(bfloat16(noise))],
  ['near 1', 'BF16', bfloat16(noise.map((x) => 1 + x / 50)), fromBfloat16(bfloat16(noise.map((x) => 1 + x / 50)))],
  integers('I8', new Int8Array(patterns8.buffer)),
  integers('U8', patterns8),
  integers(
    'BOOL',
    patterns8.map((x) => x & 1),
  ),
  integers(
    'I16',
    Int16Array.from(noise, (x) => x * 5000),
  ),
  integers(
    'U16',
    Uint16Array.from(noise, (x) => 30000 + x * 5000),
  ),
  integers(
    'I32',
    Int32Array.from(noise, (x) => x * 2 ** 28),
  ),
  integers(
    'U32',
    Uint32Array.from(noise, (x) => 2 ** 31 + x * 2 ** 28),
  ),
  integers(
    'I64',
    BigInt64Array.from(noise, (x) => BigInt(Math.round(x * 2 ** 60)) + 1n),
  ),
  integers(
    'U64',
    BigUint64Array.from(noise, (x) => (1n << 63n) + BigInt(Math.round(x * 2 ** 60)) + 1n),
  ),
]

describe.each(measurers(1024 * 8))('moments, %s', (_, measurer) => {
  test.each(rows)('%s %s', (_name, dtype, bytes, values) => {
    expectMoments(measure(measurer, dtype, [values.length], bytes).moments, values)
  })

  it('takes any F32 values, in any number', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 300 }), (values) => {
        const { moments, exponents } = measure(measurer, 'F32', [values.length], bytesOf(values))
        const wanted = referenceMoments(values)
        for (const key of EXACT) expect(moments?.[key], key).toBe(wanted[key])
        const nonZero = wanted.count - wanted.nan - wanted.infinite - wanted.zeros
        expect(exponents?.counts.reduce((a, b) => a + b, 0)).toBe(nonZero)
      }),
    )
  })

  it('calls a constant tensor constant', () => {
    const { moments } = measure(measurer, 'F32', [1000], float32(Array<number>(1000).fill(0.1)))
    expect(moments).toMatchObject({ mean: Math.fround(0.1), variance: 0, skewness: NaN, excessKurtosis: NaN })
  })

  it('has no numbers where there are no elements or none is finite', () => {
    const nothing = { min: NaN, max: NaN, mean: NaN, variance: NaN, l1: 0, sumSquares: 0, smallestNonZero: NaN }
    expect(measure(measurer, 'F32', [3, 0], new Uint8Array()).moments).toMatchObject({ ...nothing, count: 0 })
    const bad = measure(measurer, 'F16', [2], float16([NaN, Infinity]))
    expect(bad.moments).toMatchObject({ ...nothing, count: 2, nan: 1, infinite: 1, spacingSquares: 0 })
    expect(bad.exponents).toEqual({ first: 0, counts: [] })
  })

  const small = float16([2 ** -24, 3 * 2 ** -24, 2 ** -14, 1, -1.5, 0])
  const tiny = float32([2 ** -149, 2 ** -127, 2 ** -126, 1, -3, 0])
  test.each<[Dtype, Uint8Array, Record<number, number>, number]>([
    ['F16', small, { [-24]: 1, [-23]: 1, [-14]: 1, 0: 2 }, 4 * 4 ** -24 + 2 * 4 ** -10],
    ['F32', tiny, { [-149]: 1, [-127]: 1, [-126]: 1, 0: 1, 1: 1 }, 4 * 4 ** -149 + 4 ** -23 + 4 ** -22],
    ['F64', float64([5e-324, 1, 2 ** 50]), { [-1074]: 1, 0: 1, 50: 1 }, 4 ** -52 + 4 ** -2],
    ['BF16', bfloat16([1, 2, 2 ** -133]), { [-133]: 1, 0: 1, 1: 1 }, 4 ** -7 + 4 ** -6 + 4 ** -133],
    [
      'F8_E4M3',
      new Uint8Array([0x38, 0x01, 0x7e, 0x7f, 0x00]),
      { [-9]: 1, 0: 1, 8: 1 },
      2 * 4 ** -9 + 4 ** -3 + 4 ** 5,
    ],
    ['F8_E8M0', new Uint8Array([127, 128, 255]), { 0: 1, 1: 1 }, 1 + 4],
    ['I32', bytesOf(new Int32Array([-8, 0, 7, 1])), { 0: 1, 2: 1, 3: 1 }, 4],
  ])('counts exponents and squares spacings of %s', (dtype, bytes, wanted, spacingSquares) => {
    const { moments, exponents } = measure(measurer, dtype, [bytes.length / (bytesOfElement[dtype] ?? 1)], bytes)
    const found = exponents?.counts.flatMap((count, i) => (count ? [[i + (exponents?.first ?? 0), count]] : []))
    expect(Object.fromEntries(found ?? [])).toEqual(wanted)
    expect((moments?.spacingSquares ?? NaN) / spacingSquares).toBeCloseTo(1, 12)
  })
})

const bytesOfElement: Partial<Record<Dtype, number>> = { F16: 2, BF16: 2, F32: 4, I32: 4, F64: 8 }
