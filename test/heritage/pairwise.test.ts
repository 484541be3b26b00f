import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { innerProducts, squaredDistances } from '../../src-main/heritage/pairwise.ts'
import { finish } from '../../src-main/heritage/steps.ts'

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
