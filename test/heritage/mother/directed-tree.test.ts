import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minimumDirectedTree } from '../../../src-main/heritage/mother/directed-tree.ts'

interface Forest {
  readonly roots: number
  readonly cost: number
}

function isForest(parents: readonly number[]): boolean {
  return parents.every((_, start) => {
    let node = start
    for (let steps = 0; steps <= parents.length; steps++) {
      if (node < 0) return true
      node = parents[node]!
    }
    return false
  })
}

function measure(costs: readonly number[], parents: readonly number[]): Forest {
  const n = parents.length
  return {
    roots: parents.filter((parent) => parent < 0).length,
    cost: parents.reduce((sum, parent, child) => (parent < 0 ? sum : sum + costs[parent * n + child]!), 0),
  }
}

/** Tries every choice of parents: fewest roots first, then lowest cost. */
function bruteForce(costs: readonly number[], n: number): Forest {
  let best: Forest = { roots: Infinity, cost: Infinity }
  const parents = new Array<number>(n).fill(-1)
  const choose = (child: number): void => {
    if (child === n) {
      if (!isForest(parents)) return
      const found = measure(costs, parents)
      if (found.roots < best.roots || (found.roots === best.roots && found.cost < best.cost)) best = found
      return
    }
    for (let parent = -1; parent < n; parent++) {
      if (parent === child || (parent >= 0 && costs[parent * n + child] === Infinity)) continue
      parents[child] = parent
      choose(child + 1)
    }
  }
  choose(0)
  return best
}

const digraph = (weight: fc.Arbitrary<number>) =>
  fc
    .integer({ min: 1, max: 5 })
    .chain((n) => fc.tuple(fc.constant(n), fc.array(weight, { minLength: n * n, maxLength: n * n })))

/** Small whole numbers: many ties, and sums without rounding. */
const dense = fc.integer({ min: -3, max: 12 })
const sparse = fc.oneof({ weight: 2, arbitrary: dense }, { weight: 3, arbitrary: fc.constant(Infinity) })

describe('minimumDirectedTree', () => {
  it.each([
    ['complete digraphs', dense],
    ['digraphs with missing edges', sparse],
  ])('is as good as the best of all %s', (_, weight) => {
    fc.assert(
      fc.property(digraph(weight), ([n, costs]) => {
        const parents = [...minimumDirectedTree(costs, n)]
        expect(isForest(parents)).toBe(true)
        expect(measure(costs, parents)).toEqual(bruteForce(costs, n))
      }),
      { numRuns: 400 },
    )
  })

  it('finds a tree that was planted in a large digraph', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 1, maxLength: 80 }),
        fc.infiniteStream(fc.nat(1000)),
        (seeds, noise) => {
          const n = seeds.length
          const planted = seeds.map((seed, node) => (node === 0 ? -1 : seed % node))
          const costs = Array.from({ length: n * n }, (_, edge) =>
            planted[edge % n] === Math.floor(edge / n) ? 1 : 2 + (noise.next().value as number),
          )
          // Edges into the planted root cost more, so that no other root is as cheap.
          for (let parent = 0; parent < n; parent++) costs[parent * n] = costs[parent * n]! + 10
          expect([...minimumDirectedTree(costs, n)]).toEqual(planted)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('has nothing to do without nodes', () => {
    expect([...minimumDirectedTree([], 0)]).toEqual([])
  })
})
