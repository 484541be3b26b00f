import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TensorPair } from '../../../src-main/heritage/evidence/align-pair.ts'
import {
  spread,
  unrelatedChange,
  unrelatedCosine,
  unrelatedEqual,
} from '../../../src-main/heritage/evidence/background.ts'
import { normalTail } from '../../../src-main/heritage/evidence/chance.ts'
import { directionCues } from '../../../src-main/heritage/evidence/direction-cues.ts'
import {
  equalByChance,
  equalFraction,
  kurtosisOfChange,
  pairedSample,
} from '../../../src-main/heritage/evidence/sampled.ts'
import { centredCosine, sketchDistance } from '../../../src-main/heritage/tensors.ts'
import { seededRandom } from '../../../src-main/heritage/tree/random.ts'
import { measure } from '../../support/simulate.ts'

const uniform = seededRandom(11)
const gauss = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
const draw = (count: number, value: () => number): Float32Array => Float32Array.from({ length: count }, value)
const values = (min = 1) => fc.array(fc.integer({ min: -3, max: 3 }), { minLength: min, maxLength: 40 })

describe('the chance of a normal number beyond z', () => {
  it.each([
    [0, 0.5],
    [1, 0.15865525393145705],
    [-1.5, 0.9331927987311419],
    [3.5, 2.3262907903552504e-4],
    [3.6, 1.5910859015753364e-4],
    [8, 6.22096057427178e-16],
    [20, 2.7536241186062337e-89],
  ])('is that of the tables at %f', (z, truth) => {
    expect(normalTail(z) / truth).toBeCloseTo(1, 9)
  })

  it('never grows with z, and stays a probability', () => {
    const z = fc.double({ min: -50, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(z, z, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        expect(normalTail(low)).toBeGreaterThanOrEqual(normalTail(high) - 1e-15)
        expect(normalTail(high)).toBeGreaterThanOrEqual(0)
        expect(normalTail(low)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('numbers of paired samples', () => {
  it('are those of a plain count', () => {
    fc.assert(
      fc.property(values(), values(), (x, y) => {
        const count = Math.min(x.length, y.length)
        const [a, b] = [x.slice(0, count), y.slice(0, count)]
        const sample = { a: Float64Array.from(a), b: Float64Array.from(b) }
        const pairs = a.flatMap((u) => b.map((v) => Number(u === v)))
        expect(equalFraction(sample)).toBeCloseTo(a.filter((u, i) => u === b[i]).length / count, 12)
        expect(equalByChance(sample)).toBeCloseTo(pairs.reduce((sum, one) => sum + one, 0) / count ** 2, 12)
      }),
    )
  })

  it('give the kurtosis of what changed, NaN where nothing did', () => {
    const a = draw(1500, gauss)
    const step = draw(1500, () => gauss() ** 3)
    const sample = { a: Float64Array.from(a), b: Float64Array.from(a, (value, i) => value + step[i]!) }
    const mean = step.reduce((sum, value) => sum + value, 0) / 1500
    const moment = (power: number): number => step.reduce((sum, value) => sum + (value - mean) ** power, 0) / 1500
    expect(kurtosisOfChange(sample)).toBeCloseTo(moment(4) / moment(2) ** 2 - 3, 3)
    expect(kurtosisOfChange({ a: sample.a, b: sample.a })).toBeNaN()
  })

  it('are none for integers', () => {
    const tensor = { ...measure('x', draw(600, gauss), [20, 30]), dtype: 'I8' as const }
    expect(pairedSample({ a: tensor, b: tensor })).toBeNull()
  })
})

describe('what unrelated tensors give', () => {
  /** Standard scores of a measured number over independent tensors of one shape. */
  function scores(
    shape: readonly [number, number],
    score: (pair: TensorPair) => number,
    store: 'F32' | 'BF16' = 'F32',
  ): { mean: number; deviation: number } {
    const all = Array.from({ length: 60 }, () => {
      const make = (scale: number) =>
        measure(
          'x',
          draw(shape[0] * shape[1], () => 0.02 + scale * gauss()),
          shape,
          store,
        )
      return score({ a: make(0.1), b: make(0.15) })
    })
    return spread(all)!
  }

  it.each([
    ['within the sketch', [40, 50]],
    ['beyond it', [150, 130]],
  ] as const)('is where independent tensors lie, %s', (_, shape) => {
    const cosine = scores(shape, (pair) => centredCosine(pair.a, pair.b) / unrelatedCosine([pair])!.deviation)
    const change = scores(shape, (pair) => {
      const { mean, deviation } = unrelatedChange([pair])!
      return (Math.sqrt(sketchDistance(pair.a, pair.b) / pair.a.moments!.sumSquares) - mean) / deviation
    })
    // 60 scores: their mean has an error of 0.13, their deviation one of 0.09.
    for (const { mean, deviation } of [cosine, change]) {
      expect(Math.abs(mean)).toBeLessThan(0.6)
      expect(deviation).toBeGreaterThan(0.65)
      expect(deviation).toBeLessThan(1.4)
    }
  })

  it('counts the numbers that a coarse store makes equal by chance', () => {
    const score = (pair: TensorPair): number => {
      const sample = pairedSample(pair)!
      const { mean, deviation } = unrelatedEqual([{ elements: 1, sample }])!
      return (equalFraction(sample) - mean) / deviation
    }
    const { mean, deviation } = scores([40, 50], score, 'BF16')
    expect(Math.abs(mean)).toBeLessThan(0.6)
    expect(deviation).toBeGreaterThan(0.65)
    expect(deviation).toBeLessThan(1.4)
  })

  it('is √2 for the change between equal norms', () => {
    const tensor = measure('x', draw(64 * 64, gauss), [64, 64])
    const { mean } = unrelatedChange([{ a: tensor, b: tensor }])!
    expect(mean).toBeCloseTo(Math.SQRT2, 3)
  })

  it('is nothing for no tensor', () => {
    expect([unrelatedChange([]), unrelatedCosine([]), unrelatedEqual([]), spread([])]).toEqual([null, null, null, null])
  })
})

describe('signs of the direction', () => {
  const shape = [60, 60] as const
  /** Parents with heavy tails (or, cut off, light ones), children with a Gaussian update. */
  function pairs(value: () => number, step: number, count = 6): TensorPair[] {
    return Array.from({ length: count }, () => {
      const parent = draw(3600, value)
      return {
        a: measure('x', parent, shape),
        b: measure(
          'x',
          parent.map((one) => one + step * gauss()),
          shape,
        ),
      }
    })
  }
  const heavy = (): number => gauss() * (0.5 + 2 * uniform() ** 3)
  const light = (): number => 2 * uniform() - 1
  const verdicts = (some: readonly TensorPair[], long = false): string[] =>
    directionCues(some, long).map(({ cue, verdict }) => `${cue} ${verdict}`)
  const turned = (some: readonly TensorPair[]): TensorPair[] => some.map(({ a, b }) => ({ a: b, b: a }))

  it.each([
    ['heavy', heavy, 0.4],
    ['light', light, 0.3],
  ])('see the parent, with %s tails, and turn with the pair', (_, value, step) => {
    const some = pairs(value, step)
    expect(verdicts(some)).toEqual(['norm forward', 'kurtosis forward', 'cross-cumulants forward'])
    expect(verdicts(turned(some))).toEqual(['norm backward', 'kurtosis backward', 'cross-cumulants backward'])
  })

  it('see it in a single tensor, with the error that one tensor has', () => {
    const [pair] = pairs(heavy, 0.5, 1)
    const [norm, kurtosis] = directionCues([pair!], false)
    const squares = (tensor: TensorPair['a']): number => tensor.moments!.sumSquares
    expect(norm!.value).toBeCloseTo(squares(pair!.b) / squares(pair!.a) - 1, 9)
    expect(norm!.verdict).toBe('forward')
    const cosine = centredCosine(pair!.a, pair!.b)
    expect(kurtosis!.error).toBeCloseTo(Math.sqrt((48 * (1 - cosine ** 4)) / 3600), 9)
  })

  it('are silent between two draws of one distribution', () => {
    let spoken = 0
    for (let i = 0; i < 20; i++) {
      const some = Array.from({ length: 6 }, () => ({
        a: measure('x', draw(3600, heavy), shape),
        b: measure('x', draw(3600, heavy), shape),
      }))
      spoken += verdicts(some).filter((verdict) => !verdict.endsWith('silent')).length
    }
    // Each of 60 speaks in 5 % of cases: 3, and hardly ever more than 12.
    expect(spoken).toBeLessThanOrEqual(12)
  })

  it('leave kurtosis out after long training, and everything where nothing changed', () => {
    const some = pairs(heavy, 0.4)
    expect(verdicts(some, true)).toContain('kurtosis silent')
    expect(
      directionCues(
        some.map(({ a }) => ({ a, b: a })),
        false,
      ),
    ).toEqual([])
  })
})
