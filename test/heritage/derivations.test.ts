import { describe, expect, it } from 'vitest'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'
import { fingerprint, prune, quantize, simulator, throughStore, type Weights } from '../support/simulate.ts'

function relations(models: readonly HeritageModel[]): string[] {
  return recoverHeritage(models)
    .relations.map(({ parent, child, type, directed }) => {
      const name = (node: number): string => models[node]?.id ?? 'ghost'
      return `${name(parent)}${directed ? '>' : '~'}${name(child)} ${type}`
    })
    .sort()
}

/** Every other zero put back. */
function fill(values: Float32Array, source: Float32Array): Float32Array {
  let zeros = 0
  return values.map((value, i) => (value === 0 && zeros++ % 2 === 0 ? source[i]! : value))
}

/** Layer 1 of 0, 1, 2 left out, the last renumbered. */
function dropLayer(weights: Weights): Weights {
  const kept = [...weights].filter(([name]) => !name.startsWith('layers.1.'))
  return new Map(kept.map(([name, values]) => [name.replace('layers.2.', 'layers.1.'), values]))
}

function family(seed: number) {
  const make = simulator(seed)
  const a = make.root()
  const b = make.fineTune(a, 0.2)
  const c = make.fineTune(a, 0.25)
  return { make, a, b, c, models: [fingerprint('a', a), fingerprint('b', b), fingerprint('c', c)] }
}

const TREE = ['a>b fine-tune', 'a>c fine-tune']

describe('derivations', () => {
  it.each([
    ['8 bits a row', 127, 48],
    ['4 bits in groups of 32', 7, 32],
  ])('finds a model quantized to %s and hangs what was trained from it below it', (_, levels, group) => {
    const { make, b, models } = family(21)
    const q = throughStore(quantize(b, levels, group), 'F16')
    const trained = make.fineTune(q, 0.05)
    const found = relations([...models, fingerprint('q', q, 'F16'), fingerprint('t', trained)])
    expect(found).toEqual([...TREE, 'b>q quantized', 'q>t fine-tune'])
  })

  it('finds a pruned model', () => {
    const { b, models } = family(22)
    expect(relations([...models, fingerprint('p', prune(b))])).toEqual([...TREE, 'b>p pruned'])
  })

  it('hangs what was pruned more from the source, not from what was pruned less', () => {
    const { b, models } = family(4)
    const less = new Map([...prune(b)].map(([name, values]) => [name, name.includes('norm') ? values : fill(values, b.get(name)!)])) // prettier-ignore
    expect(relations([fingerprint('less', less), ...models, fingerprint('more', prune(b))])).toEqual([
      ...TREE,
      'b>less pruned',
      'b>more pruned',
    ])
  })

  it('hangs a LoRA update from its base, though it is stored like a cast of it', () => {
    const { make, b, models } = family(5)
    const [cast, update] = [throughStore(b, 'BF16'), throughStore(make.lora(b, 2, 0.2), 'BF16')]
    const found = relations([...models, fingerprint('h', cast, 'BF16'), fingerprint('l', update, 'BF16')])
    expect(found).toEqual([...TREE, 'b>h cast', 'b>l lora'])
    const ofCast = relations([...models, fingerprint('h', cast, 'BF16'), fingerprint('l', make.lora(cast, 2, 0.2))])
    expect(ofCast).toEqual([...TREE, 'b>h cast', 'h>l lora'])
  })

  it('finds a model with a layer left out, wherever it was', () => {
    const { b, models } = family(23)
    expect(relations([...models, fingerprint('d', dropLayer(b), 'BF16')])).toEqual([...TREE, 'b>d layers-dropped'])
  })

  it('prefers the finest source of several with the same values', () => {
    const { b, models } = family(24)
    const half = throughStore(b, 'F16')
    const found = relations([...models, fingerprint('h', half, 'F16'), fingerprint('q', quantize(b, 127, 48), 'F16')])
    expect(found).toEqual([...TREE, 'b>h cast', 'b>q quantized'])
  })

  it('does not take a fine-tune for a derivation, however light', () => {
    const { make, b, models } = family(25)
    const light = make.fineTune(b, 0.001)
    expect(relations([...models, fingerprint('l', light)])).toEqual([...TREE, 'b>l fine-tune'])
  })
})

/** Σ weights of the parents, tensor by tensor. */
function combine(parts: readonly (readonly [Weights, number])[]): Weights {
  const [[first]] = parts as [readonly [Weights, number], ...(readonly [Weights, number])[]]
  return new Map(
    [...first].map(([name, values]) => [
      name,
      values.map((_, i) => parts.reduce((sum, [weights, share]) => sum + share * weights.get(name)![i]!, 0)),
    ]),
  )
}

describe('merges', () => {
  const shares = (models: readonly HeritageModel[], id: string): Record<string, number> =>
    Object.fromEntries(
      recoverHeritage(models).relations.flatMap(({ parent, child, type, weight }) =>
        models[child]?.id === id && type === 'merge' ? [[models[parent]!.id, Number(weight!.toFixed(2))]] : [],
      ),
    )

  it.each(['F32', 'BF16'] as const)('finds the parents and shares of a linear merge stored as %s', (store) => {
    const { b, c, models } = family(31)
    const all = [
      ...models,
      fingerprint(
        'm',
        combine([
          [b, 0.6],
          [c, 0.4],
        ]),
        store,
      ),
    ]
    expect(shares(all, 'm')).toEqual({ b: 0.6, c: 0.4 })
    expect(relations(all)).toEqual([...TREE, 'b>m merge', 'c>m merge'])
  })

  it('finds three parents', () => {
    const { make, a, b, c, models } = family(32)
    const d = make.fineTune(a, 0.3)
    const all = [
      ...models,
      fingerprint('d', d),
      fingerprint(
        'm',
        combine([
          [b, 0.5],
          [c, 0.3],
          [d, 0.2],
        ]),
      ),
    ]
    expect(shares(all, 'm')).toEqual({ b: 0.5, c: 0.3, d: 0.2 })
  })

  it('reads task arithmetic: parents, shares, and a base that is no parent', () => {
    const { a, b, c, models } = family(33)
    const all = [
      ...models,
      fingerprint(
        'm',
        combine([
          [a, -0.4],
          [b, 0.8],
          [c, 0.6],
        ]),
      ),
    ]
    expect(shares(all, 'm')).toEqual({ b: 0.8, c: 0.6 })
  })

  // Read as if b were the merged one, the two ways are nearly orthogonal as well.
  it.each([51, 52, 53, 54])('reads task arithmetic that takes nearly all of one parent (%i)', (seed) => {
    const { make, a, b, models } = family(seed)
    const light = make.fineTune(a, 0.05)
    const m = combine([
      [a, -0.64],
      [b, 0.67],
      [light, 0.97],
    ])
    expect(shares([...models, fingerprint('light', light), fingerprint('m', m)], 'm')).toEqual({ b: 0.67, light: 0.97 })
  })

  it('names the same parents for all merges of one pair, and not one merge as a parent of another', () => {
    const { b, c, models } = family(37)
    const mix = (share: number): Weights =>
      combine([
        [b, share],
        [c, 1 - share],
      ])
    const all = [
      ...models,
      fingerprint('m', mix(0.58)),
      fingerprint('n', mix(0.51), 'BF16'),
      fingerprint('o', mix(0.3)),
    ]
    expect(shares(all, 'm')).toEqual({ b: 0.58, c: 0.42 })
    expect(shares(all, 'n')).toEqual({ b: 0.51, c: 0.49 })
    expect(shares(all, 'o')).toEqual({ b: 0.3, c: 0.7 })
  })

  it('reads the shares of each layer, where a merge has its own in each', () => {
    const { b, c, models } = family(36)
    const shares = [0.2, 0.5, 0.9]
    const blended = combine([
      [b, 0.5],
      [c, 0.5],
    ])
    for (const [name, values] of blended) {
      const layer = Number(/^layers\.(\d)/.exec(name)?.[1] ?? 1)
      values.forEach((_, i) => {
        values[i] = shares[layer]! * b.get(name)![i]! + (1 - shares[layer]!) * c.get(name)![i]!
      })
    }
    const all = [...models, fingerprint('m', blended)]
    const byLayer = recoverHeritage(all).relations.flatMap(({ parent, type, layerWeights }) =>
      type === 'merge' ? [[all[parent]!.id, layerWeights!.map((weight) => Number(weight!.toFixed(3)))]] : [],
    )
    expect(Object.fromEntries(byLayer)).toEqual({ b: [0.2, 0.5, 0.9], c: [0.8, 0.5, 0.1] })
  })

  it('hangs what was trained from a merge below it, and keeps its parents apart', () => {
    const { make, b, c, models } = family(34)
    const m = combine([
      [b, 0.5],
      [c, 0.5],
    ])
    const found = relations([...models, fingerprint('m', m), fingerprint('t', make.fineTune(m, 0.1))])
    expect(found).toEqual([...TREE, 'b>m merge', 'c>m merge', 'm>t fine-tune'])
  })

  it('claims none in stars, chains and families with casts', () => {
    const { make, a, b } = family(35)
    const chain = [b]
    for (let i = 0; i < 4; i++) chain.push(make.fineTune(chain.at(-1)!, 0.1))
    const star = Array.from({ length: 4 }, () => make.fineTune(a, 0.2))
    const models = [a, ...chain, ...star].map((weights, i) => fingerprint(`m${i}`, weights))
    models.push(fingerprint('cast', chain[2]!, 'BF16'))
    expect(relations(models).filter((line) => line.includes('merge'))).toEqual([])
  })
})

describe('ghosts', () => {
  it('finds a missing parent of three siblings, and claims no link between them', () => {
    const make = simulator(41)
    const a = make.root()
    const missing = make.fineTune(a, 0.3)
    const children = [0.15, 0.2, 0.25].map((step) => make.fineTune(missing, step))
    const models = [a, ...children].map((weights, i) => fingerprint(['a', 'b', 'c', 'd'][i]!, weights))
    // Norms alone speak for a ghost: with so few links they do not show which end of a~ghost came first.
    expect(relations(models)).toEqual([
      'a~ghost fine-tune',
      'ghost>b fine-tune',
      'ghost>c fine-tune',
      'ghost>d fine-tune',
    ])
  })

  it('claims none where the parent is there, however many children it has', () => {
    const make = simulator(42)
    const a = make.root()
    const models = [a, ...Array.from({ length: 6 }, (_, i) => make.fineTune(a, 0.1 + 0.05 * i))]
    const found = recoverHeritage(models.map((weights, i) => fingerprint(`m${i}`, weights)))
    expect(found.families.flatMap(({ ghosts }) => ghosts)).toEqual([])
  })

  it('does not take a common drift for a missing parent', () => {
    const make = simulator(43)
    const a = make.root()
    const drift = make.fineTune(a, 1)
    // Each child goes its own length along one shared direction, and its own way besides.
    const children = [0.1, 0.2, 0.35, 0.6].map((length) =>
      make.fineTune(
        combine([
          [a, 1 - 0.2 * length],
          [drift, 0.2 * length],
        ]),
        0.1 * length,
      ),
    )
    const found = recoverHeritage([a, ...children].map((weights, i) => fingerprint(`m${i}`, weights)))
    expect(found.families.flatMap(({ ghosts }) => ghosts)).toEqual([])
  })
})
