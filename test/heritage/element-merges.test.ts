import { describe, expect, it } from 'vitest'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'
import { dare, fingerprint, simulator, throughStore, ties, type Store, type Weights } from '../support/simulate.ts'

const STORES: readonly Store[] = ['F32', 'BF16']

/** A base, four fine-tunes of it, and one of the first of them. */
function family(seed: number, store: Store = 'F32') {
  const make = simulator(seed)
  const keep = (weights: Weights): Weights => throughStore(weights, store)
  const a = keep(make.root())
  const [b, c, d, e] = [0.2, 0.25, 0.2, 0.3].map((step) => keep(make.fineTune(a, step))) as Quad
  const f = keep(make.fineTune(b, 0.1))
  const all = { a, b, c, d, e, f }
  /** The family without some, and with others. */
  const models = (added: Record<string, Weights>, without = ''): HeritageModel[] =>
    Object.entries({ ...all, ...added })
      .filter(([id]) => !without.includes(id))
      .map(([id, weights]) => fingerprint(id, weights, store))
  return { make, keep, ...all, models }
}
type Quad = [Weights, Weights, Weights, Weights]

function merges(models: readonly HeritageModel[]): Record<string, Record<string, number>> {
  const found: Record<string, Record<string, number>> = {}
  for (const { parent, child, type, weight } of recoverHeritage(models).relations) {
    if (type === 'merge') (found[models[child]!.id] ??= {})[models[parent]!.id] = Number(weight!.toFixed(3))
  }
  return found
}

function expectShares(found: Record<string, number> | undefined, expected: Record<string, number>, within: number) {
  expect(Object.keys(found ?? {}).sort()).toEqual(Object.keys(expected).sort())
  for (const [id, share] of Object.entries(expected)) expect(Math.abs(found![id]! - share)).toBeLessThan(within)
}

describe('merges with dropped elements (DARE)', () => {
  for (const store of STORES) {
    it.each([0.1, 0.5, 0.7])(`finds two parents and their weights, %f kept, stored as ${store}`, (density) => {
      const { keep, a, b, c, models } = family(51, store)
      const parents = [
        [b, 0.6],
        [c, 0.5],
      ] as const
      const m = keep(dare(a, parents, density, 1))
      expectShares(merges(models({ m }))['m'], { b: 0.6, c: 0.5 }, 0.05)
    })
    it(`finds three parents, stored as ${store}`, () => {
      const { keep, a, b, c, d, models } = family(52, store)
      const m = keep(
        dare(
          a,
          [
            [b, 0.5],
            [c, 0.4],
            [d, 0.3],
          ],
          0.4,
          2,
        ),
      )
      expectShares(merges(models({ m }))['m'], { b: 0.5, c: 0.4, d: 0.3 }, 0.05)
    })
  }
})

describe('merges with dropped elements, layer by layer', () => {
  it('have the weight that each layer shows', () => {
    const { a, b, c, models } = family(54)
    const parents = [
      [b, 0.6],
      [c, 0.5],
    ] as const
    const all = models({ m: dare(a, parents, 0.4, 3) })
    const found = recoverHeritage(all).relations.filter(({ type }) => type === 'merge')
    expect(found.map(({ parent }) => all[parent]!.id).sort()).toEqual(['b', 'c'])
    for (const { weight, layerWeights } of found) {
      expect(layerWeights).toHaveLength(3)
      for (const layer of layerWeights!) expect(Math.abs(layer! - weight!)).toBeLessThan(0.06)
    }
  })
})

describe('merges with trimmed elements (TIES)', () => {
  for (const store of STORES) {
    it.each([0.2, 0.5])(`finds two parents and their weights, %f kept, stored as ${store}`, (density) => {
      const { keep, a, b, c, models } = family(53, store)
      const m = keep(
        ties(
          a,
          [
            [b, 0.6],
            [c, 0.9],
          ],
          density,
        ),
      )
      expectShares(merges(models({ m }))['m'], { b: 0.4, c: 0.6 }, 0.01)
    })
    it(`finds three parents, stored as ${store}`, () => {
      const { keep, a, b, c, d, models } = family(54, store)
      const m = keep(
        ties(
          a,
          [
            [b, 0.5],
            [c, 0.3],
            [d, 0.2],
          ],
          0.4,
          0.8,
        ),
      )
      expectShares(merges(models({ m }))['m'], { b: 0.5, c: 0.3, d: 0.2 }, 0.01)
    })
  }
})

describe('merged models in the tree', () => {
  it('leaves the merge out of the tree, and hangs what was trained from it below it', () => {
    const { make, a, b, c, models } = family(55)
    const m = dare(
      a,
      [
        [b, 0.6],
        [c, 0.5],
      ],
      0.5,
      3,
    )
    const all = models({ m, t: make.fineTune(m, 0.1) })
    const links = recoverHeritage(all).relations.map(({ parent, child }) => `${all[parent]!.id}>${all[child]!.id}`)
    expect(links.sort()).toEqual(['a>b', 'a>c', 'a>d', 'a>e', 'b>f', 'b>m', 'c>m', 'm>t'])
  })
})

describe('what is no such merge', () => {
  it.each(STORES)('names no wrong parent where a parent or the base is missing, stored as %s', (store) => {
    const { keep, a, b, c, d, models } = family(56, store)
    const parents = [
      [b, 0.5],
      [c, 0.4],
      [d, 0.3],
    ] as const
    for (const m of [dare(a, parents, 0.3, 4), ties(a, parents, 0.3)]) {
      for (const missing of ['b', 'd']) expect(merges(models({ m: keep(m) }, missing))).toEqual({})
      const named = Object.keys(merges(models({ m: keep(m) }, 'a'))['m'] ?? {})
      expect(['b', 'c', 'd']).toEqual(expect.arrayContaining(named))
    }
  })

  it.each(STORES)('takes no star, chain, LoRA or model trained in few elements for a merge, stored as %s', (store) => {
    const { make, keep, a, b, c, models } = family(57, store)
    const step = make.fineTune(b, 0.2)
    const chain = [0.1, 0.05, 0.02].reduce<Weights[]>(
      (all, size) => [...all, keep(make.fineTune(all.at(-1)!, size))],
      [c],
    )
    const found = merges(
      models({
        g: chain[1]!,
        h: chain[2]!,
        i: chain[3]!,
        j: keep(make.lora(a, 2, 0.2)),
        k: keep(make.lora(a, 4, 0.2)),
        // One parent alone: its own task vector, thinned.
        l: keep(dare(a, [[b, 1]], 0.5, 5)),
        n: keep(dare(b, [[step, 0.5]], 0.3, 6)),
      }),
    )
    expect(found).toEqual({})
  })

  it('does not take the children of a model for its parents, equal to it where they were hardly trained', () => {
    const { make, keep, a, b } = family(58, 'BF16')
    const children = [0.001, 0.002, 0.003, 0.004].map((step) => keep(make.fineTune(b, step)))
    const light = keep(make.fineTune(a, 0.002))
    const models = [a, b, light, ...children].map((weights, i) => fingerprint(`m${i}`, weights, 'BF16'))
    expect(merges(models)).toEqual({})
  })
})
