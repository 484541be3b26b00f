import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { COLUMN_SEED, ROW_SEED, SKETCH_SIZE } from '../../src-main/fingerprint/constants.ts'
import { columnSlot, hashIndex, rowSlot } from '../../src-main/fingerprint/hashing.ts'
import { measure, measurers } from '../support/kernels.ts'
import { bfloat16, bytesOf, float32, float64, fromBfloat16, gaussian, random } from './support.ts'

const K = SKETCH_SIZE

/** The sketch by its definition. */
function denseSketch(values: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const width = Math.min(columns, K)
  const sketch = new Float64Array(Math.min(rows, K) * width)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const [r, c] = [rowSlot(i), columnSlot(j)]
      const x = values[i * columns + j]!
      sketch[r.bucket * width + c.bucket]! += Number.isFinite(x) ? r.sign * c.sign * x : 0
    }
  }
  return sketch
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0)
const norm = (a: ArrayLike<number>) => Math.sqrt(dot(a, a))
const relativeDistance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  norm(Array.from(a).map((x, i) => x - b[i]!)) / Math.max(norm(b), Number.MIN_VALUE)

describe('index hashes', () => {
  it.each([
    [64, 0xe9a6b4ae, 0x4b493254],
    [65, 0xba7e7c07, 0x6a793fbd],
    [1000, 0x165551da, 0x3af6f41a],
    [2 ** 32 + 64, 0x194efca6, 0xe2af55b1],
  ])('of %i stay as they were documented', (index, row, column) => {
    expect([hashIndex(index, ROW_SEED), hashIndex(index, COLUMN_SEED)]).toEqual([row, column])
  })

  it('give the first indices a bucket of their own', () => {
    for (let i = 0; i < K; i++) expect([rowSlot(i), columnSlot(i)]).toEqual(Array(2).fill({ bucket: i, sign: 1 }))
  })

  it('spread indices evenly, with balanced signs, beyond 32 bits too', () => {
    for (const start of [K, 2 ** 20, 2 ** 32 - 500, 2 ** 45]) {
      const slots = Array.from({ length: 64 * K }, (_, i) => rowSlot(start + i))
      const loads = new Float64Array(K)
      for (const { bucket } of slots) loads[bucket]!++
      // Chi-square with K - 1 degrees of freedom, within 5 standard deviations.
      const chiSquare = loads.reduce((sum, load) => sum + (load - 64) ** 2 / 64, 0)
      expect(Math.abs(chiSquare - (K - 1))).toBeLessThan(5 * Math.sqrt(2 * K))
      expect(Math.abs(slots.reduce((sum, { sign }) => sum + sign, 0))).toBeLessThan(5 * Math.sqrt(64 * K))
    }
  })

  it('differ between rows and columns and above 2^32', () => {
    const same = (f: (i: number) => boolean) => Array.from({ length: 4096 }, (_, i) => f(i + K)).filter(Boolean).length
    expect(same((i) => rowSlot(i).bucket === columnSlot(i).bucket)).toBeLessThan(4096 / 20)
    expect(same((i) => rowSlot(i).bucket === rowSlot(i + 2 ** 32).bucket)).toBeLessThan(4096 / 20)
  })
})

describe.each(measurers(1024 * 8))('sketch, %s', (_, measurer) => {
  const sketch = (values: Float32Array | Float64Array, rows: number, columns: number) =>
    measure(measurer, 'F32', [rows, columns], float32(values)).sketch ?? new Float32Array()

  test.each([
    [1, 1],
    [1, 63],
    [1, 5000],
    [3, 1001],
    [63, 65],
    [64, 64],
    [65, 63],
    [129, 127],
    [200, 333],
    [5000, 1],
    [700, 16],
  ])('is what the definition says for %i × %i', (rows, columns) => {
    const values = Float32Array.from(gaussian(rows * columns, rows + columns))
    const found = sketch(values, rows, columns)
    expect(found.length).toBe(Math.min(rows, K) * Math.min(columns, K))
    expect(relativeDistance(found, denseSketch(values, rows, columns))).toBeLessThan(1e-6)
  })

  it('takes matrices too wide for sums per column, in both widths', () => {
    const [rows, columns] = [65, 33000]
    const values = Float32Array.from({ length: rows * columns }, random(8))
    const wanted = denseSketch(values, rows, columns)
    expect(relativeDistance(sketch(values, rows, columns), wanted)).toBeLessThan(1e-6)
    const { sketch: found } = measure(measurer, 'F64', [rows, columns], float64(values))
    expect(relativeDistance(found!, wanted)).toBeLessThan(1e-6)
  })

  it('is the same for one matrix in every store and so at every place of the chunks', () => {
    const bytes = bfloat16(gaussian(150 * 211, 3))
    const values = fromBfloat16(bytes)
    const wanted = denseSketch(values, 150, 211)
    const found = measure(measurer, 'BF16', [150, 211], bytes).sketch!
    expect(relativeDistance(found, wanted)).toBeLessThan(1e-6)
    expect(measure(measurer, 'F64', [150, 211], float64(values)).sketch).toEqual(found)
    expect(measure(measurer, 'F32', [150, 211], float32(values)).sketch).toEqual(found)
    const bytes8 = Int8Array.from(values, (x) => x * 30)
    const integers = measure(measurer, 'I8', [150, 211], bytesOf(bytes8)).sketch
    expect(integers).toEqual(Float32Array.from(denseSketch(bytes8, 150, 211)))
  })

  it('counts NaN and infinities as 0', () => {
    const values = gaussian(100 * 90, 4).map((x, i) => (i % 50 === 3 ? NaN : i % 70 === 9 ? Infinity : Math.fround(x)))
    const wanted = denseSketch(values, 100, 90)
    expect(relativeDistance(sketch(values, 100, 90), wanted)).toBeLessThan(1e-6)
    expect(relativeDistance(measure(measurer, 'F64', [100, 90], float64(values)).sketch!, wanted)).toBeLessThan(1e-6)
    expect(relativeDistance(measure(measurer, 'BF16', [100, 90], bfloat16(values)).sketch!, wanted)).toBeLessThan(0.01)
  })

  it('views higher dimensions as first × rest, vectors as one row, scalars as 1 × 1', () => {
    const bytes = float32(gaussian(70 * 6 * 25, 5))
    const flat = measure(measurer, 'F32', [70, 150], bytes).sketch
    expect(measure(measurer, 'F32', [70, 6, 25], bytes).sketch).toEqual(flat)
    expect(measure(measurer, 'F32', [10500], bytes).sketch).toEqual(measure(measurer, 'F32', [1, 10500], bytes).sketch)
    // A table of 70 positions behind a batch dimension is a matrix of 70 rows; a column stays a column.
    expect(measure(measurer, 'F32', [1, 70, 150], bytes).sketch).toEqual(
      measure(measurer, 'F32', [70, 150], bytes).sketch,
    )
    expect(measure(measurer, 'F32', [10500, 1], bytes).sketch).toHaveLength(K)
    expect(measure(measurer, 'F32', [], float32([7])).sketch).toEqual(new Float32Array([7]))
  })

  it('is linear', () => {
    const shape = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }))
    const factor = fc.integer({ min: -8, max: 8 })
    fc.assert(
      fc.property(shape, factor, factor, fc.nat(), ([m, n], a, b, seed) => {
        const x = Float32Array.from(gaussian(m * n, seed))
        const y = Float32Array.from(gaussian(m * n, seed + 1))
        const [gx, gy] = [sketch(x, m, n), sketch(y, m, n)]
        // Float64 holds aX + bY exactly enough; F32 would round it.
        const sum = float64(Array.from(x, (value, i) => a * value + b * y[i]!))
        const found = measure(measurer, 'F64', [m, n], sum).sketch!
        const wanted = Array.from(gx, (value, i) => a * value + b * gy[i]!)
        const scale = Math.abs(a) * norm(gx) + Math.abs(b) * norm(gy)
        expect(norm(Array.from(found, (value, i) => value - wanted[i]!))).toBeLessThanOrEqual(1e-6 * scale)
      }),
      { numRuns: 25 },
    )
  })

  it('depends on indices alone: rows of zeros below change nothing', () => {
    const values = gaussian(100 * 80, 6)
    const longer = new Float64Array(130 * 80)
    longer.set(values)
    expect(sketch(longer, 130, 80)).toEqual(sketch(values, 100, 80))
  })

  it('maps a product of thin factors to the product of their sketches', () => {
    const [m, n] = [150, 200]
    for (const r of [1, 8, K]) {
      const [b, a] = [gaussian(m * r, r), gaussian(r * n, r + 1)]
      const product = new Float64Array(m * n)
      for (let i = 0; i < m; i++) {
        for (let k = 0; k < r; k++) for (let j = 0; j < n; j++) product[i * n + j]! += b[i * r + k]! * a[k * n + j]!
      }
      const gb = measure(measurer, 'F64', [m, r], float64(b)).sketch!
      const ga = measure(measurer, 'F64', [r, n], float64(a)).sketch!
      const wanted = new Float64Array(K * K)
      for (let i = 0; i < K; i++) {
        for (let k = 0; k < r; k++) for (let j = 0; j < K; j++) wanted[i * K + j]! += gb[i * r + k]! * ga[k * K + j]!
      }
      expect(relativeDistance(measure(measurer, 'F64', [m, n], float64(product)).sketch!, wanted)).toBeLessThan(1e-6)
    }
  })

  it('keeps norms and inner products on average, whatever the values', () => {
    // Positive values at random places: the average is over the hashes of those places.
    const next = random(7)
    const [m, n, filled] = [150, 150, 40]
    const ratios: number[] = []
    const errors: number[] = []
    for (let trial = 0; trial < 100; trial++) {
      const [x, y] = [new Float32Array(m * n), new Float32Array(m * n)]
      for (let k = 0; k < filled; k++) x[Math.floor(next() * m * n)] = 1 + next()
      x.forEach((value, i) => (y[i] = value && next() < 0.5 ? 1 + next() : 0))
      const [gx, gy] = [sketch(x, m, n), sketch(y, m, n)]
      ratios.push(dot(gx, gx) / dot(x, x) - 1)
      errors.push((dot(gx, gy) - dot(x, y)) / (norm(x) * norm(y)))
    }
    for (const sample of [ratios, errors]) {
      const mean = sample.reduce((a, b) => a + b, 0) / sample.length
      const deviation = Math.sqrt(sample.reduce((sum, e) => sum + (e - mean) ** 2, 0) / (sample.length - 1))
      expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(sample.length))
      expect(deviation).toBeLessThan(0.1)
    }
  })
})
