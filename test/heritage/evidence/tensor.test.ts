import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { histogramsOf } from '../../../src-main/heritage/evidence/histograms.ts'
import { spectrumOf } from '../../../src-main/heritage/evidence/spectrum.ts'
import { tensorEvidence } from '../../../src-main/heritage/evidence/tensor.ts'
import { seededRandom } from '../../../src-main/heritage/tree/random.ts'
import { fingerprint, measure, simulator, throughStore } from '../../support/simulate.ts'

const NAME = 'layers.1.query.weight'

describe('the evidence of one tensor', () => {
  const make = simulator(8)
  const parent = make.root()
  const child = make.fineTune(parent, 0.2)
  const [a, b] = [fingerprint('a', parent), fingerprint('b', child)]
  const evidence = tensorEvidence(a, b, NAME)!

  it('has the moments of both and of the difference, as float64 does', () => {
    const [x, y] = [parent.get(NAME)!, child.get(NAME)!]
    const difference = Float64Array.from(x, (value, i) => y[i]! - value)
    const mean = (some: ArrayLike<number>): number => Array.from(some).reduce((sum, one) => sum + one, 0) / some.length
    const deviation = (some: ArrayLike<number>): number =>
      Math.sqrt(mean(Array.from(some, (one) => (one - mean(some)) ** 2)))
    expect(evidence.a.mean).toBeCloseTo(mean(x), 9)
    expect(evidence.b.deviation).toBeCloseTo(deviation(y), 9)
    expect(evidence.a).toMatchObject({ count: 48 * 48, nan: 0, infinite: 0, smallest: Math.min(...x) })
    expect(evidence.difference.mean).toBeCloseTo(mean(difference), 9)
    // 48 × 48 fits the sketch: exact but for its float32 cells.
    expect(evidence.difference.deviation! / deviation(difference)).toBeCloseTo(1, 4)
    expect(evidence).toMatchObject({ dtypeA: 'F32', bytesA: 4 * 48 * 48, tensorB: NAME })
  })

  it('sets the tensor beside that role in the other layers', () => {
    const changes = [0, 1, 2].map((layer) => tensorEvidence(a, b, `layers.${layer}.query.weight`)!.row.relativeChange!)
    const measured = evidence.measures.find(({ measure: name }) => name === 'relative-change')!
    expect(measured.value).toBe(changes[1])
    expect(measured.sameRole!.mean).toBeCloseTo((changes[0]! + changes[1]! + changes[2]!) / 3, 12)
  })

  it('says full rank, low rank and rounding apart', () => {
    expect(evidence.sentence).toContain('full rank (48 of 48)')
    const lora = tensorEvidence(a, fingerprint('b', make.lora(parent, 2, 0.3)), NAME)!
    expect(lora.sentence).toContain('rank 2 of 48: consistent with a low-rank update')
    const cast = tensorEvidence(a, fingerprint('b', throughStore(parent, 'BF16'), 'BF16'), NAME)!
    expect(cast.sentence).toContain('below what rounding alone would leave')
    expect(cast.spectrum!.values[0]).toBeLessThan(cast.spectrum!.floor!)
    expect(tensorEvidence(a, a, NAME)!).toMatchObject({ sentence: 'Equal to the last bit.', direction: [] })
  })

  it('is nothing for a tensor that one of the two does not have', () => {
    expect(tensorEvidence(a, b, 'layers.1.query')).toBeNull()
  })

  it('crosses as JSON without loss', () => {
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  })
})

describe('the spectrum of a difference', () => {
  const uniform = seededRandom(4)
  const noise = (count: number, size = 1): Float32Array =>
    Float32Array.from({ length: count }, () => size * (uniform() - 0.5))

  it('is that of the true difference where the tensor fits the sketch', () => {
    const [x, y] = [noise(30 * 40), noise(30 * 40)]
    const shape = [30, 40]
    const rows = Array.from({ length: 30 }, (_, i) =>
      Array.from({ length: 40 }, (_, j) => y[i * 40 + j]! - x[i * 40 + j]!),
    )
    const truth = new SingularValueDecomposition(new Matrix(rows), { autoTranspose: true }).diagonal
    const norm = Math.hypot(...x)
    const { values, rank } = spectrumOf({ a: measure('x', x, shape), b: measure('x', y, shape) })!
    expect(values).toHaveLength(30)
    expect(rank).toBe(30)
    values.forEach((value, i) => expect(value).toBeCloseTo(truth[i]! / norm, 5))
  })

  it('keeps its size and its rank beyond the sketch', () => {
    const [rows, columns] = [200, 160]
    const x = noise(rows * columns)
    const [u, v] = [noise(rows), noise(columns)]
    const y = x.map((value, at) => value + 0.5 * u[Math.floor(at / columns)]! * v[at % columns]!)
    const change = Math.hypot(...y.map((value, i) => value - x[i]!)) / Math.hypot(...x)
    const { values, rank, floor } = spectrumOf({
      a: measure('x', x, [rows, columns]),
      b: measure('x', y, [rows, columns]),
    })!
    expect(rank).toBe(1)
    expect(values[0]! / change).toBeGreaterThan(0.7)
    expect(values[0]! / change).toBeLessThan(1.3)
    expect(values[1]!).toBeLessThan(floor!)
  })

  it('is nothing for vectors', () => {
    const vector = measure('x', noise(600), [600])
    expect(spectrumOf({ a: vector, b: vector })).toBeNull()
  })
})

describe('both histograms', () => {
  it('stand on one axis', () => {
    const a = measure('x', Float32Array.of(1, 1.5, 0, -3), [4])
    const b = measure('x', Float32Array.of(0.25, 64, 0, 0), [4])
    expect(histogramsOf({ a, b })).toEqual({
      firstExponent: -2,
      a: [0, 0, 2, 1, 0, 0, 0, 0, 0],
      b: [1, 0, 0, 0, 0, 0, 0, 0, 1],
    })
  })

  it('are none where neither holds a number', () => {
    const zeros = measure('x', new Float32Array(4), [4])
    expect(histogramsOf({ a: zeros, b: zeros })).toBeNull()
  })
})
