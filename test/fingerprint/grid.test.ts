import { describe, expect, it, test } from 'vitest'
import { samplePositions } from '../../src-main/fingerprint/sample.ts'
import type { Dtype } from '../../src-main/formats/dtype.ts'
import { measure, measurers } from '../support/kernels.ts'
import { bfloat16, float16, float32, fromBfloat16, gaussian, random } from './support.ts'

const ROWS = 96
const COLUMNS = 320
const COUNT = ROWS * COLUMNS
const encode: Partial<Record<Dtype, (values: ArrayLike<number>) => Uint8Array>> = {
  F32: float32,
  F16: float16,
  BF16: bfloat16,
}

/** Every `size` consecutive elements rounded to a grid of their own. */
function quantize(values: Float64Array, size: number, levels: number): Float64Array {
  const result = new Float64Array(values.length)
  for (let start = 0; start < values.length; start += size) {
    const group = values.subarray(start, start + size)
    const step = group.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / levels
    group.forEach((x, i) => (result[start + i] = step && Math.round(x / step) * step))
  }
  return result
}

/** Row i at a scale of its own, as trained matrices have it. */
const weights = gaussian(COUNT, 5, 0.02).map((x, i) => x * (1 + (Math.floor(i / COLUMNS) % 7)))
const next = random(6)
const uniform = Float64Array.from({ length: COUNT }, () => next() - 0.5)
const outliers = weights.map((x, i) => (i % 5000 === 17 ? 400 * x : x))

describe.each(measurers(1024 * 8))('quantization grid, %s', (_, measurer) => {
  const gridOf = (dtype: Dtype, values: ArrayLike<number>, shape: readonly number[] = [ROWS, COLUMNS]) =>
    measure(measurer, dtype, shape, encode[dtype]!(values)).grid

  const schemes: [string, number, number, { scope: string; groupSize: number }][] = [
    ['the tensor', COUNT, 127, { scope: 'tensor', groupSize: 0 }],
    ['rows', COLUMNS, 127, { scope: 'row', groupSize: 0 }],
    ['rows', COLUMNS, 7, { scope: 'row', groupSize: 0 }],
    ['groups of 128', 128, 7, { scope: 'group', groupSize: 128 }],
    ['groups of 64', 64, 31, { scope: 'group', groupSize: 64 }],
    ['groups of 32', 32, 7, { scope: 'group', groupSize: 32 }],
    ['groups of 32', 32, 3, { scope: 'group', groupSize: 32 }],
    ['groups of 32', 32, 128, { scope: 'group', groupSize: 32 }],
  ]
  const stores = ['F32', 'F16', 'BF16'] as const
  test.each(schemes.flatMap((scheme) => stores.map((dtype) => [...scheme, dtype] as const)))(
    'finds %s at %i elements with %i levels: %o in %s',
    (_name, size, levels, wanted, dtype) => {
      expect(gridOf(dtype, quantize(weights, size, levels))).toMatchObject({ ...wanted, levels })
    },
  )

  it('gives the step at every sampled position', () => {
    const grid = gridOf('F32', quantize(weights, 32, 7))
    const positions = samplePositions(COUNT)
    expect(grid?.steps.length).toBe(positions.length)
    positions.forEach((at, i) => {
      const group = weights.subarray(at - (at % 32), at - (at % 32) + 32)
      const step = group.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 7
      expect(grid!.steps[i]! / step).toBeCloseTo(1, 6)
    })
    expect(grid?.residual).toBeLessThan(1e-5)
  })

  it('skips rows of zeros; a group of zeros has no step', () => {
    const dead = (values: Float64Array) => values.map((x, i) => (Math.floor(i / COLUMNS) % 8 ? x : 0))
    expect(gridOf('F32', dead(quantize(weights, COLUMNS, 127)))).toMatchObject({ scope: 'row', levels: 127 })
    expect(gridOf('F32', dead(quantize(weights, 32, 7)))).toBeNull()
  })

  test.each<[string, ArrayLike<number>]>([
    ['Gaussian', weights],
    ['Gaussian rounded to BF16', fromBfloat16(bfloat16(weights))],
    ['uniform', uniform],
    ['with outliers', outliers],
    ['heavy-tailed', weights.map((x) => x ** 3)],
    ['constant', weights.map(() => 0.3)],
    ['zero', weights.map(() => 0)],
    ['pruned to a half', weights.map((x) => (Math.abs(x) > 0.05 ? x : 0))],
    ['pruned to 2 %', weights.map((x, i) => ((i * 7919) % 50 ? 0 : x))],
    ['signs', weights.map(Math.sign)],
  ])('finds none where values are %s', (_name, values) => {
    for (const dtype of stores) {
      expect(gridOf(dtype, values), dtype).toBeNull()
      expect(gridOf(dtype, values, [COUNT]), dtype).toBeNull()
    }
  })

  it('finds none in few elements, and none where NaN stand', () => {
    expect(gridOf('F32', quantize(weights, 32, 7).subarray(0, 60), [60])).toBeNull()
    expect(
      gridOf(
        'F32',
        weights.map(() => NaN),
      ),
    ).toBeNull()
  })

  it('finds no grid in many small random tensors', () => {
    for (let seed = 0; seed < 200; seed++) {
      const values = gaussian(128, seed)
      for (const dtype of stores) expect(gridOf(dtype, values, [4, 32]), `${seed} ${dtype}`).toBeNull()
    }
  })
})
