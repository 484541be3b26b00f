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
