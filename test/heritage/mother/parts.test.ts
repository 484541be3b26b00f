import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layersOf } from '../../../src-main/heritage/mother/layers.ts'
import { cluster } from '../../../src-main/heritage/mother/linkage.ts'
import { joinMoments, kurtosis, momentsOf, NO_VALUES } from '../../../src-main/heritage/mother/moments.ts'
import { differenceRank } from '../../../src-main/heritage/mother/rank.ts'
import { directionMatrix } from '../../../src-main/heritage/mother/recover.ts'
import { visitPairs } from '../../../src-main/heritage/mother/visit.ts'
import { gaussian, memorySource } from './support.ts'

const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 })

describe('moments', () => {
  it('of parts join to those of the whole', () => {
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1, maxLength: 5 }), (parts) => {
        const joined = parts.map((part) => momentsOf(Float64Array.from(part))).reduce(joinMoments, NO_VALUES)
        const whole = momentsOf(Float64Array.from(parts.flat()))
        const scale = Math.max(1, ...parts.flat().map(Math.abs))
        expect(joined.count).toBe(whole.count)
        expect(Math.abs(joined.mean - whole.mean)).toBeLessThan(1e-12 * scale)
        for (const [power, key] of [
          [2, 'm2'],
          [3, 'm3'],
          [4, 'm4'],
        ] as const) {
          expect(Math.abs(joined[key] - whole[key])).toBeLessThan(1e-10 * whole.count * scale ** power)
        }
      }),
    )
  })

  it('give the kurtosis by its definition', () => {
    const random = gaussian(3)
    const values = Float64Array.from({ length: 500 }, () => random() ** 3)
    const mean = values.reduce((a, b) => a + b) / values.length
    const power = (p: number): number => values.reduce((sum, value) => sum + (value - mean) ** p, 0) / values.length
    expect(kurtosis(momentsOf(values))).toBeCloseTo(power(4) / power(2) ** 2, 10)
  })

  it('give 3 for normal numbers and 0 for a constant', () => {
    const random = gaussian(5)
    expect(kurtosis(momentsOf(Float64Array.from({ length: 200_000 }, random)))).toBeCloseTo(3, 1)
    expect(kurtosis(momentsOf(new Float64Array(9).fill(2)))).toBe(0)
  })
})

describe('differenceRank', () => {
  it('is that of the factors it was made from', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(20),
        fc.integer({ min: 1 }),
        (rows, columns, wanted, seed) => {
          const rank = Math.min(wanted, rows, columns)
          const random = gaussian(seed)
          const base = Float64Array.from({ length: rows * columns }, random)
          const changed = base.slice()
          for (let term = 0; term < rank; term++) {
            const u = Array.from({ length: rows }, random)
            const v = Array.from({ length: columns }, random)
            changed.forEach((value, i) => (changed[i] = value + u[Math.floor(i / columns)]! * v[i % columns]!))
          }
          // In float32, as models are stored: rounding must not count as rank.
          const found = differenceRank(base.map(Math.fround), changed.map(Math.fround), rows, columns)
          expect(found).toBeLessThanOrEqual(rank)
          if (rank < Math.min(rows, columns) / 2) expect(found).toBe(rank)
        },
      ),
    )
  })
})

describe('cluster', () => {
  /** Joins the two clusters with the smallest mean distance over all pairs between them. */
  function byDefinition(distances: readonly number[], n: number, clusters: number): number[][] {
    let groups = Array.from({ length: n }, (_, i) => [i])
    const mean = (a: readonly number[], b: readonly number[]): number =>
      a.flatMap((i) => b.map((j) => distances[i * n + j]!)).reduce((x, y) => x + y) / (a.length * b.length)
    while (groups.length > clusters) {
      const pairs = groups.flatMap((a, i) => groups.slice(i + 1).map((b) => ({ a, b, height: mean(a, b) })))
      const best = pairs.reduce((x, y) => (y.height < x.height ? y : x))
      if (best.height === Infinity) break
      groups = [...groups.filter((group) => group !== best.a && group !== best.b), [...best.a, ...best.b]]
    }
    return groups.map((group) => group.sort((x, y) => x - y)).sort((x, y) => x[0]! - y[0]!)
  }

  const table = fc.integer({ min: 1, max: 9 }).chain((n) =>
    fc
      // Irrational steps: no two means are equal by accident.
      .array(fc.oneof({ weight: 9, arbitrary: fc.nat(1e6).map((x) => Math.sqrt(x + 2)) }, fc.constant(Infinity)), {
        minLength: n * n,
        maxLength: n * n,
      })
      .map((cells) => ({
        n,
        distances: cells.map((_, i) => cells[Math.min(i, (i % n) * n + Math.floor(i / n))]!),
      })),
  )

  it('is average linkage', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), ({ n, distances }, clusters) => {
        const off = distances.filter((x, i) => i % n < Math.floor(i / n) && x !== Infinity)
        fc.pre(new Set(off).size === off.length)
        expect(cluster(distances, n, clusters)).toEqual(byDefinition(distances, n, Math.min(clusters, n)))
      }),
    )
  })

  it('finds the number of clusters where one gap stands out', () => {
    const places = [0, 1, 2.1, 50, 51.2, 100, 101.3]
    const distances = places.flatMap((x) => places.map((y) => Math.abs(x - y)))
    expect(cluster(distances, places.length, null)).toEqual([
      [0, 1, 2],
      [3, 4],
      [5, 6],
    ])
  })
})

describe('visitPairs', () => {
  it('shows each model and each pair once, whatever fits into memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 60 }), async (n, held) => {
        const { source, reads } = memorySource(
          Array.from({ length: n }, (_, i) => ({
            w: [
              [i, i, i],
              [i, i, i],
            ],
          })),
        )
        const layer = source.layers[0]!
        const seen: string[] = []
        const visitor = {
          model: (member: number) => void seen.push(`${member}`),
          pair: (a: number, b: number, x: Float64Array, y: Float64Array) => void seen.push(`${x[0]}-${y[0]} ${a}-${b}`),
        }
        await visitPairs({ ...source, heldElements: held }, layer, layer.members, [0, 6], visitor)
        const wanted = layer.members.flatMap((a) => [
          `${a}`,
          ...layer.members.slice(a + 1).map((b) => `${a}-${b} ${a}-${b}`),
        ])
        expect(seen.sort()).toEqual(wanted.sort())
        if (held >= 6 * n) expect(reads()).toBe(n)
        if (held === 0) expect(reads()).toBe(n === 1 ? 1 : n * (n - 1))
      }),
    )
  })
})

describe('layersOf', () => {
  it('matches by name and shape, and takes matrices only', () => {
    const layers = layersOf([
      [
        { name: 'a', shape: [2, 3, 4] },
        { name: 'bias', shape: [1, 7] },
        { name: 'head', shape: [5, 4] },
      ],
      [
        { name: 'a', shape: [2, 3, 4] },
        { name: 'head', shape: [6, 4] },
      ],
    ])
    expect(layers).toEqual([
      { name: 'a', rows: 2, columns: 12, members: [0, 1] },
      { name: 'head', rows: 5, columns: 4, members: [0] },
      { name: 'head', rows: 6, columns: 4, members: [1] },
    ])
  })
})

describe('directionMatrix', () => {
  it('puts a price on every edge against the stage, and none on equal scores', () => {
    expect([...directionMatrix([5, 3, 3], 'specialization')]).toEqual([0, 0, 0, 1, 0, 0, 1, 0, 0])
    expect([...directionMatrix([5, 3, 3], 'generalization')]).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0])
  })
})
