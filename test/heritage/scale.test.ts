import fc from 'fast-check'
import { Matrix, inverse } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { createMeasurer } from '../../src-main/fingerprint/measure.ts'
import { alignModels, type Architecture } from '../../src-main/heritage/align/align.ts'
import { bodyOf } from '../../src-main/heritage/body.ts'
import { disjointSets } from '../../src-main/heritage/disjoint-sets.ts'
import { allDistances } from '../../src-main/heritage/distances.ts'
import { linkBetween, totalDistance } from '../../src-main/heritage/link.ts'
import { likeliestPlanes } from '../../src-main/heritage/merge/likeliest-planes.ts'
import { innerProducts, squaredDistances } from '../../src-main/heritage/pairwise.ts'
import { recoverHeritage, recoverInSteps } from '../../src-main/heritage/recover.ts'
import { findFamilies, isRelated, kinshipOf } from '../../src-main/heritage/relatedness.ts'
import { screenPairs, type Row } from '../../src-main/heritage/screen.ts'
import { finish, isRequest } from '../../src-main/heritage/steps.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'
import { sha256, wasmKernels } from '../support/kernels.ts'
import { measure, simulator } from '../support/simulate.ts'
import { simulateForest } from '../support/simulate-forest.ts'

const measurer = createMeasurer(wasmKernels()[0]!, sha256)
const forest = (families: readonly number[], seed: number) => simulateForest({ families, layers: 1, seed }, measurer)

/** The one architecture of the models. */
function aligned(models: readonly HeritageModel[]): Architecture {
  const [architecture, ...others] = alignModels(models)
  expect(others).toEqual([])
  return architecture!
}

describe('innerProducts and squaredDistances', () => {
  const rows = fc.array(fc.array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 3, maxLength: 3 }), {
    maxLength: 140,
  })

  it('give what plain loops give, to the last bit, once for each pair', () => {
    fc.assert(
      fc.property(rows, rows, fc.boolean(), (first, second, same) => {
        const x = first.map((row) => Float32Array.from(row))
        const y = same ? x : second.map((row) => Float32Array.from(row))
        for (const [run, term] of [
          [innerProducts, (a: number, b: number) => a * b],
          [squaredDistances, (a: number, b: number) => (a - b) ** 2],
        ] as const) {
          const found = new Map<string, number>()
          let visits = 0
          finish(
            run(x, y, (i, j, value) => {
              visits++
              found.set(`${i} ${j}`, value)
            }),
          )
          const expected = x.flatMap((a, i) =>
            y.flatMap((b, j) =>
              same && j <= i ? [] : [[`${i} ${j}`, a.reduce((sum, value, k) => sum + term(value, b[k]!), 0)] as const],
            ),
          )
          expect(visits).toBe(expected.length)
          expect(found).toEqual(new Map(expected))
        }
      }),
      { numRuns: 50 },
    )
  })

  /** Rows that begin with a number of their own. */
  const numbered = (count: number, length: number, first = 0): Float32Array[] =>
    Array.from({ length: count }, (_, i) => new Float32Array(length).fill(0).fill(first + i, 0, 1))
  const pairOf = (row: Float32Array, other: Float32Array): number => 1e5 * row[0]! + other[0]!

  it.each([
    ['one list', numbered(4200, 100), null],
    ['two lists', numbered(500, 100), numbered(40_000, 100, 500)],
  ])('ask for the pairs of %s part by part, and see each once, in the order without answers', (_, rows, second) => {
    const others = second ?? rows
    const order = (i: number, j: number): number => Math.floor(j / 64) * 1e9 + i * 64 + (j % 64)
    let [parts, largest, visits, last] = [0, 0, 0, -1]
    const steps = squaredDistances(rows, others, (i, j, value) => {
      if (value !== pairOf(rows[i]!, others[j]!) || order(i, j) <= last) throw new Error(`${i} ${j}: ${value}`)
      last = order(i, j)
      visits++
    })
    let step = steps.next()
    while (!step.done) {
      const request = step.value
      let answer: Float64Array | undefined
      if (request) {
        parts++
        largest = Math.max(largest, request.rows.length * request.others.length)
        answer = Float64Array.from({ length: request.rows.length * request.others.length }, (_, at) => {
          const i = Math.floor(at / request.others.length)
          return pairOf(request.rows[i]!, request.others[at % request.others.length]!)
        })
      }
      step = steps.next(answer)
    }
    expect(visits).toBe(second ? rows.length * others.length : (4200 * 4199) / 2)
    expect(parts).toBe(2)
    expect(largest).toBeLessThanOrEqual(2 ** 24)
  })

  it('measure themselves what an answer leaves open', () => {
    const rows = numbered(300, 1024, 1)
    const seen = new Set<number>()
    const steps = innerProducts(rows, rows, (i, j, value) => seen.add(value === (i + 1) * (j + 1) ? 1 : value))
    const { value: request } = steps.next()
    expect(request).toMatchObject({ operation: 'inner product' })
    steps.next(Float64Array.from({ length: 300 * 300 }, (_, at) => (at % 7 === 3 ? NaN : -1)))
    for (const _ of steps);
    expect(seen).toEqual(new Set([1, -1]))
  })

  it.each([
    ['short lists', numbered(60, 4096), null],
    ['one row beside many', numbered(1, 4096), numbered(4000, 4096)],
  ])('do not ask for %s', (_, rows, second) => {
    const asked = [...squaredDistances(rows, second ?? rows, () => {})].filter((step) => step)
    expect(asked).toEqual([])
  })
})

describe('allDistances', () => {
  it('gives what one pair after the other gives, to the last bit, also where members lack tensors', () => {
    const models = forest([30], 3).map((model, at) => ({
      ...model,
      tensors: model.tensors.filter((_, slot) => at % 7 !== 3 || slot % 3 !== 1),
    }))
    const body = bodyOf(
      aligned(models),
      models.map((_, at) => at),
    )
    const found = finish(allDistances(body, models.length))
    models.forEach((_, a) =>
      models.forEach((_, b) => {
        expect(found[a]![b]).toBe(a === b ? 0 : totalDistance(body, linkBetween(body, a, b)))
      }),
    )
  })
})

describe('disjointSets', () => {
  it('gives the connected components', () => {
    const edges = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 12 })
    fc.assert(
      fc.property(edges, (pairs) => {
        const sets = disjointSets(12)
        const label = Array.from({ length: 12 }, (_, i) => i)
        for (const [a, b] of pairs) {
          sets.join(a, b)
          const [from, to] = [label[a]!, label[b]!]
          label.forEach((value, i) => (label[i] = value === from ? to : value))
        }
        expect(sets.groups()).toEqual([...Map.groupBy(label.keys(), (i) => label[i]).values()])
      }),
    )
  })
})

describe('likeliestPlanes', () => {
  it.each([2, 3] as const)('gives the sets of %i that come nearest, as solving for each gives them', (size) => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (seed) => {
        const { gauss } = simulator(seed)
        const points = Array.from({ length: 6 }, () => Array.from({ length: 6 }, gauss))
        const distances = points.map((a) =>
          Float64Array.from(points, (b) => a.reduce((sum, x, k) => sum + (x - b[k]!) ** 2, 0)),
        )
        const sets = [1, 2, 3, 4, 5].flatMap((i, at, all) =>
          all
            .slice(at + 1)
            .flatMap((j, next) => (size === 2 ? [[i, j]] : all.slice(at + next + 2).map((k) => [i, j, k]))),
        )
        const residual = (nodes: readonly number[]): number => {
          const gram = nodes.map((a) =>
            nodes.map((b) => (distances[a]![0]! + distances[b]![0]! - distances[a]![b]!) / 2),
          )
          return 1 / inverse(new Matrix(gram)).sum()
        }
        const found = likeliestPlanes(distances, 0, [1, 2, 3, 4, 5], size, 4)
        const best = sets.map(residual).sort((a, b) => a - b)
        expect(found).toHaveLength(4)
        found.forEach((nodes, at) => expect(residual(nodes) / best[at]!).toBeCloseTo(1, 5))
      }),
    )
  })
})

/** A matrix of 64 × 64, which its sketch holds exactly. */
const matrix = (name: string, values: Float32Array) => measure(name, values, [64, 64])

describe('screenPairs', () => {
  const make = simulator(5)
  const fresh = (): Float32Array[] => [0, 1, 2, 3].map(() => Float32Array.from({ length: 4096 }, make.gauss))
  /** Each with a relative of the given cosine. */
  const relatives = (cosine: number, pairs: number): Row[] =>
    Array.from({ length: pairs }, fresh).flatMap((x) => {
      const other = fresh().map((values, slot) =>
        values.map((value, i) => cosine * x[slot]![i]! + Math.sqrt(1 - cosine ** 2) * value),
      )
      return [x, other].map((model) => model.map((values, slot) => matrix(`w${slot}`, values)))
    })
  const screened = (rows: readonly Row[]): Set<string> => {
    const found = new Set<string>()
    finish(screenPairs(rows, (i, j) => found.add(`${i} ${j}`)))
    return found
  }

  it('keeps distant relatives, and few others', () => {
    const found = screened(relatives(0.1, 50))
    for (let pair = 0; pair < 50; pair++) expect(found).toContain(`${2 * pair} ${2 * pair + 1}`)
    expect(found.size - 50).toBeLessThan(0.005 * 4900)
  })

  it('compares what two layouts share, however heavy the rest is, and about the mean', () => {
    const heavy = (at: number) =>
      matrix(
        'w4',
        fresh()[0]!.map((value) => (at % 3 === 1 ? 30 : 1) * value),
      )
    const rows = relatives(0.15, 50).map((row, at): Row => {
      const shifted = measure(
        'w5',
        fresh()[0]!.map((value) => 50 + value),
        [64, 64],
      )
      return [...row, at % 2 === 0 ? heavy(at) : undefined, shifted]
    })
    const found = screened(rows)
    for (let pair = 0; pair < 50; pair++) expect(found).toContain(`${2 * pair} ${2 * pair + 1}`)
    expect(found.size).toBeLessThan(100)
  })

  it('passes every pair of a few members', () => {
    expect(screened(relatives(0, 5)).size).toBe(45)
  })
})

describe('findFamilies', () => {
  it('finds what comparing all pairs finds', () => {
    const models = forest([60, 20, 20, 1, 1, 1, 1, 1, 1, 1], 4)
    const architecture = aligned(models)
    const sets = disjointSets(models.length)
    for (let i = 0; i < models.length; i++)
      for (let j = 0; j < i; j++) if (isRelated(kinshipOf(architecture, i, j))) sets.join(i, j)
    expect(finish(findFamilies(architecture)).families).toEqual(sets.groups())
    expect(sets.groups().map((family) => family.length)).toEqual([60, 20, 20, 1, 1, 1, 1, 1, 1, 1])
  })

  it.each([1, 2, 3])('holds a chain together whose ends have almost nothing in common (seed %i)', (seed) => {
    const make = simulator(seed)
    const chain = [make.root()]
    while (chain.length < 10) chain.push(make.fineTune(chain.at(-1)!, 3))
    const strangers = Array.from({ length: 80 }, make.root)
    const models = [...chain, ...strangers].map((weights, at): HeritageModel => {
      const names = [...weights.keys()].filter((name) => name.includes('mlp'))
      return { id: `m${at}`, tensors: names.map((name) => measure(name, weights.get(name)!, [96, 48])) }
    })
    const architecture = aligned(models)
    expect(kinshipOf(architecture, 0, 9).cosine).toBeLessThan(0.15)
    const families = finish(findFamilies(architecture)).families.filter((family) => family.length > 1)
    expect(families).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
  })

  it('does not take constants for descent among many models', () => {
    const make = simulator(6)
    const constant = make.root().get('layers.0.mlp.weight')!
    const models = Array.from({ length: 70 }, (_, at): HeritageModel => {
      const own = ['a', 'b', 'c'].map((name) => measure(name, make.root().get('layers.1.mlp.weight')!, [96, 48]))
      return { id: `m${at}`, tensors: [measure('table', constant, [96, 48]), ...own] }
    })
    expect(finish(findFamilies(aligned(models))).families).toHaveLength(70)
  })
})

describe('recoverInSteps', () => {
  it('pauses in every part, counts models up to all, and ends with what recoverHeritage gives', () => {
    const models = forest([12, 8, 1, 1], 7)
    const parts = new Set<string>()
    let placed = 0
    const steps = recoverInSteps(models)
    let step = steps.next()
    for (; !step.done; step = steps.next()) {
      if (isRequest(step.value)) continue
      parts.add(step.value.part)
      expect(step.value.modelsDone).toBeGreaterThanOrEqual(placed)
      expect(step.value.models).toBe(22)
      placed = step.value.modelsDone
    }
    expect([...parts]).toEqual([
      'alignment',
      'families',
      'derivations',
      'distances',
      'merges',
      'element merges',
      'trees',
    ])
    expect(placed).toBe(14)
    expect(step.value).toEqual(recoverHeritage(models))
  })
})
