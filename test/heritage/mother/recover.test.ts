import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fineTuneDistances, loraDistances } from '../../../src-main/heritage/mother/distances.ts'
import { recoverByMother } from '../../../src-main/heritage/mother/recover.ts'
import { compareLayers } from '../../../src-main/heritage/mother/statistics.ts'
import type { MotherRelation, WeightSource } from '../../../src-main/heritage/mother/types.ts'
import { gaussian, memorySource, type Model } from './support.ts'

type Matrix = readonly (readonly number[])[]

const SIDE = 24

function matrix(draw: () => number, rows = SIDE, columns = SIDE): number[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, draw))
}

const add = (a: Matrix, b: Matrix): number[][] =>
  a.map((row, i) => row.map((value, j) => Math.fround(value + b[i]![j]!)))

/** Outliers, as training from scratch leaves them: kurtosis far above 3. */
const heavy = (normal: () => number) => () => normal() ** 3

type Trainer = (parent: Model) => Model

/** A fine-tune of all matrices by normal noise, which brings the kurtosis nearer to 3. */
const fineTune =
  (normal: () => number): Trainer =>
  (parent) =>
    Object.fromEntries(
      Object.entries(parent).map(([name, w]) => [
        name,
        add(
          w,
          matrix(() => 0.8 * normal()),
        ),
      ]),
    )

/** Merges an update of rank 2 into the matrix 'a' alone. */
const lora =
  (normal: () => number): Trainer =>
  (parent) => {
    const [left, right] = [matrix(normal, SIDE, 2), matrix(normal, 2, SIDE)]
    const update = left.map((row) => right[0]!.map((_, j) => row[0]! * right[0]![j]! + row[1]! * right[1]![j]!))
    return { ...parent, a: add(parent['a']!, update) }
  }

/** Two trees, each a root with three children, the first of which has two of its own. Parents by position. */
const PARENTS = [-1, 0, 0, 0, 1, 1, -1, 6, 6, 6, 7, 7]
const EDGES = PARENTS.flatMap((parent, child) => (parent < 0 ? [] : [`${parent} > ${child}`]))

function forest(seed: number, train: (normal: () => number) => Trainer): Model[] {
  const normal = gaussian(seed)
  const models: Model[] = []
  for (const parent of PARENTS) {
    const root = (): Model => ({ a: matrix(heavy(normal)), b: matrix(heavy(normal)) })
    models.push(parent < 0 ? root() : train(normal)(models[parent]!))
  }
  return models
}

const edges = (relations: readonly MotherRelation[]): string[] =>
  relations.map(({ parent, child }) => `${parent} > ${child}`)

describe('the statistics', () => {
  const shape = fc.record({ rows: fc.integer({ min: 2, max: 6 }), columns: fc.integer({ min: 2, max: 6 }) })

  it('are what a direct computation gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(shape, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1 }),
        async (shapes, n, seed) => {
          const normal = gaussian(seed)
          const models = Array.from({ length: n }, () =>
            Object.fromEntries(shapes.map(({ rows, columns }, i) => [`w${i}`, matrix(normal, rows, columns)])),
          )
          const groups = await compareLayers(memorySource(models).source)
          const members = models.map((_, index) => index)
          const distances = fineTuneDistances(groups, members)
          for (const a of members) {
            for (const b of members) {
              if (a === b) continue
              const direct = shapes.map((_, i) => {
                const [x, y] = [models[a]![`w${i}`]!.flat(), models[b]![`w${i}`]!.flat()]
                return Math.sqrt(x.reduce((sum, value, at) => sum + (value - y[at]!) ** 2, 0) / x.length)
              })
              expect(distances[a * n + b]).toBeCloseTo(direct.reduce((x, y) => x + y) / direct.length, 10)
            }
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('join the ranges of a matrix too long to be held at once', async () => {
    const [rows, columns] = [1030, 1024]
    const normal = gaussian(9)
    const models = [0, 1].map(() => Float64Array.from({ length: rows * columns }, heavy(normal)))
    const source: WeightSource = {
      models: 2,
      layers: [{ name: 'long', rows, columns, members: [0, 1] }],
      heldElements: Infinity,
      read: (_, model, from, to) => Promise.resolve(models[model]!.slice(from, to)),
    }
    const [group] = await compareLayers(source)
    const square = models[0]!.reduce((sum, value, i) => sum + (value - models[1]![i]!) ** 2, 0)
    expect(group!.squares[1]! / square).toBeCloseTo(1, 10)
    const mean = models[0]!.reduce((a, b) => a + b) / models[0]!.length
    const power = (p: number): number => models[0]!.reduce((sum, x) => sum + (x - mean) ** p, 0) / models[0]!.length
    expect(group!.kurtosis[0]).toBeCloseTo(power(4) / power(2) ** 2, 8)
  })

  it('take ranks over all layers, and read again only those that differ', async () => {
    const models = forest(4, lora).slice(0, 6)
    const { source, reads } = memorySource(models)
    const groups = await compareLayers(source)
    const before = reads()
    const { mean, largest } = await loraDistances(source, groups, [0, 1, 2, 3, 4, 5])
    expect(reads() - before).toBe(6)
    // One update of rank 2 in one of two layers; siblings differ by two updates, an uncle and a nephew by three.
    expect([mean[0 * 6 + 1], mean[1 * 6 + 2], mean[2 * 6 + 4]]).toEqual([1, 2, 3])
    expect(largest[1 * 6 + 2]).toBe(4)
  })
})

describe('recoverByMother', () => {
  it.each([
    ['full fine-tunes', fineTune, 'fine-tune'],
    ['merged low-rank updates', lora, 'lora'],
  ] as const)('recovers trees of %s', async (_, train, type) => {
    const { source } = memorySource(forest(7, train))
    const { families, relations } = await recoverByMother(source, { trees: 2, stage: 'specialization' })
    expect(edges(relations)).toEqual(EDGES)
    expect(families).toEqual([
      { members: [0, 1, 2, 3, 4, 5], ghosts: [], root: 0 },
      { members: [6, 7, 8, 9, 10, 11], ghosts: [], root: 6 },
    ])
    expect(new Set(relations.map((relation) => relation.type))).toEqual(new Set([type]))
    expect(relations.every(({ support, directionSupport }) => support === 0 && directionSupport === null)).toBe(true)
  })

  it('chooses the number of trees where none is given', async () => {
    const { source } = memorySource(forest(7, fineTune))
    const { families } = await recoverByMother(source, { trees: null, stage: 'specialization' })
    expect(families.map(({ members }) => members.length)).toEqual([6, 6])
  })

  it('turns a pair round with the stage', async () => {
    const { source } = memorySource(forest(7, fineTune).slice(0, 2))
    for (const [stage, edge] of [
      ['specialization', '0 > 1'],
      ['generalization', '1 > 0'],
    ] as const) {
      expect(edges((await recoverByMother(source, { trees: 1, stage })).relations)).toEqual([edge])
    }
  })

  it('never joins models without a layer in common', async () => {
    const normal = gaussian(2)
    const { source } = memorySource([{ a: matrix(normal) }, { b: matrix(normal) }])
    const found = await recoverByMother(source, { trees: 1, stage: 'specialization' })
    expect(found).toEqual({ families: [], relations: [] })
  })
})
