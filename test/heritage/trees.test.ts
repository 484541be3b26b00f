import { keepTree } from '../../src-main/heritage/tree/keep-tree.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestRoot, parentsFrom, pointsAwayFromRoot, rootScores } from '../../src-main/heritage/tree/root.ts'
import { resample, seededRandom } from '../../src-main/heritage/tree/random.ts'
import { minimumSpanningTree } from '../../src-main/heritage/tree/spanning-tree.ts'

/** A random tree on `n` nodes: each node from 1 on hangs from an earlier one. */
const tree = fc
  .array(fc.tuple(fc.nat(), fc.double({ min: -2, max: 2, noNaN: true })), { minLength: 1, maxLength: 8 })
  .map((draws) => draws.map(([pick, evidence], i) => ({ a: pick % (i + 1), b: i + 1, evidence })))

describe('minimumSpanningTree', () => {
  it('is never longer than any other spanning tree', () => {
    const complete = (n: number) =>
      Array.from({ length: n }, (_, a) => Array.from({ length: n - a - 1 }, (_, k) => ({ a, b: a + k + 1 }))).flat()
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 10, maxLength: 10 }), tree, (weights, other) => {
        const edges = complete(5)
        const length = (taken: readonly number[]): number => taken.reduce((sum, index) => sum + weights[index]!, 0)
        const found = minimumSpanningTree(5, edges, weights)
        expect(found).toHaveLength(4)
        const rival = other
          .filter(({ b }) => b < 5)
          .map(({ a, b }) => edges.findIndex((edge) => edge.a === a && edge.b === b))
        if (rival.length === 4) expect(length(found)).toBeLessThanOrEqual(length(rival))
      }),
    )
  })

  it('gives a forest where the edges do not reach', () => {
    expect(
      minimumSpanningTree(
        4,
        [
          { a: 0, b: 1 },
          { a: 2, b: 3 },
        ],
        [1, 1],
      ),
    ).toEqual([0, 1])
  })
})

/** The score by its definition: half the evidence of every edge as the root turns it, less the balance prior. */
function scoreOf(root: number, nodes: number, edges: readonly { a: number; b: number; evidence: number }[]): number {
  const parents = parentsFrom(root, nodes, edges)
  const below = (node: number): number =>
    1 + parents.reduce((sum, parent, child) => sum + (parent === node ? below(child) : 0), 0)
  const agreement = edges.reduce((sum, { a, b, evidence }) => sum + (parents[b] === a ? evidence : -evidence) / 2, 0)
  return agreement - 0.1 * parents.reduce((sum, parent, node) => sum + (parent < 0 ? 0 : Math.log(below(node))), 0)
}

describe('rootScores', () => {
  it('agrees with trying every root', () => {
    fc.assert(
      fc.property(tree, (edges) => {
        const nodes = edges.length + 1
        rootScores(nodes, edges).forEach((score, root) => expect(score).toBeCloseTo(scoreOf(root, nodes, edges), 9))
      }),
    )
  })

  it('lets a proof outweigh any evidence', () => {
    const chain = [
      { a: 0, b: 1, evidence: 2 },
      { a: 1, b: 2, evidence: 2 },
      { a: 2, b: 3, evidence: -Infinity },
    ]
    expect(bestRoot(rootScores(4, chain))).toBe(3)
  })
})

describe('pointsAwayFromRoot', () => {
  it('is the share of the probability of all roots that are not below a link', () => {
    fc.assert(
      fc.property(tree, (edges) => {
        const nodes = edges.length + 1
        const scores = rootScores(nodes, edges)
        const parents = parentsFrom(bestRoot(scores), nodes, edges)
        const total = scores.reduce((sum, score) => sum + Math.exp(score), 0)
        const certainty = pointsAwayFromRoot(scores, parents)
        parents.forEach((parent, child) => {
          if (parent < 0) return
          const agreeing = scores.reduce(
            (sum, score, root) => sum + (parentsFrom(root, nodes, edges)[child] === parent ? Math.exp(score) : 0),
            0,
          )
          expect(certainty[child]).toBeCloseTo(agreeing / total, 9)
        })
      }),
    )
  })
})

describe('resample', () => {
  it('draws as many as there are, the same for the same seed', () => {
    const draw = () => [...resample(50, seededRandom(3))]
    expect(draw()).toEqual(draw())
    expect(draw().reduce((sum, weight) => sum + weight, 0)).toBe(50)
    expect(draw()).not.toEqual([...resample(50, seededRandom(4))])
  })
})

describe('keepTree', () => {
  it('leaves a tree as it is, and of moves that close a circle takes what leaves a tree', () => {
    const link = (a: number, b: number) => ({ a, b, distances: new Float64Array() })
    const links = [link(0, 1), link(1, 2), link(2, 3)]
    const moved = (...to: [number, number][]) => to.map(([a, b], index) => ({ link: link(a, b), index }))
    const ends = (...to: [number, number][]) =>
      keepTree(4, moved(...to), links).map((kept) => [kept.link.a, kept.link.b])
    expect(ends([0, 1], [0, 2], [0, 3])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ])
    expect(ends([0, 1], [0, 2], [2, 1])).toEqual([
      [0, 1],
      [0, 2],
      [2, 3],
    ])
  })
})
