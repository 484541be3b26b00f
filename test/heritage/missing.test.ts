import { describe, expect, it } from 'vitest'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'
import {
  dare,
  fingerprint,
  measure,
  prune,
  quantize,
  simulator,
  taskArithmetic,
  throughStore,
  ties,
  type Weights,
} from '../support/simulate.ts'

interface Seen {
  /** The neighbours of each ghost, sorted. */
  readonly ghosts: string[]
  /** Directed links between models, with the type of those that are not fine-tunes. */
  readonly links: string[]
}

function recover(models: readonly HeritageModel[]): Seen {
  const { families, relations } = recoverHeritage(models)
  const name = (node: number): string => models[node]?.id ?? 'ghost'
  const label = (type: string, rank: number | null): string =>
    type === 'fine-tune' || type === 'continued' ? '' : ` ${type}${rank ?? ''}`
  return {
    ghosts: families
      .flatMap(({ ghosts }) => ghosts)
      .map((ghost) =>
        relations
          .flatMap(({ parent, child, type, rank }) =>
            parent === ghost ? [name(child) + label(type, rank)] : child === ghost ? [`from ${name(parent)}`] : [],
          )
          .sort()
          .join(', '),
      )
      .sort(),
    links: relations
      .filter(({ parent, child }) => parent < models.length && child < models.length)
      .map(({ parent, child, type, rank }) => `${name(parent)}>${name(child)}${label(type, rank)}`)
      .sort(),
  }
}

function fingerprints(models: Record<string, Weights>): HeritageModel[] {
  return Object.entries(models).map(([id, weights]) => fingerprint(id, weights))
}

/** a, its child h, and what was made from h: two LoRA, two fine-tunes. And a second branch of a. */
function loraSiblings(seed: number) {
  const make = simulator(seed)
  const a = make.root()
  const h = make.fineTune(a, 0.2)
  const [p, q] = [make.lora(h, 4, 0.2), make.lora(h, 2, 0.1)]
  const [x, y] = [make.fineTune(h, 0.2), make.fineTune(h, 0.3)]
  const z = make.fineTune(a, 0.2)
  return { make, a, h, p, q, x, y, z }
}

/** ‖child − parent‖ / ‖parent‖ over all tensors but the head, which was made anew for each. */
function trueChange(parent: Weights, child: Weights): number {
  let [squares, norm] = [0, 0]
  for (const [name, values] of parent) {
    if (name === 'head.weight') continue
    values.forEach((value, i) => {
      squares += (child.get(name)![i]! - value) ** 2
      norm += value ** 2
    })
  }
  return Math.sqrt(squares / norm)
}

describe('lengths of the links of a missing model', () => {
  const make = simulator(53)
  const a = make.root()
  const h = make.fineTune(a, 0.3)
  const steps = [0.15, 0.2, 0.25]
  const lora = loraSiblings(71)
  it.each([
    ['distances', a, h, Object.fromEntries(steps.map((step) => [`${step}`, make.fineTune(h, step)]))],
    ['numbers', lora.a, lora.h, { p: lora.p, q: lora.q, x: lora.x, y: lora.y }],
  ] as const)('are those to the model itself, where %s show it', (by, parent, hidden, children) => {
    const around: Record<string, Weights> = { parent, ...children }
    const models = fingerprints(around)
    const { families, relations } = recoverHeritage(models)
    const [ghost] = families[0]!.ghosts
    const lengths = relations.map((relation) => {
      const known = models[relation.parent === ghost ? relation.child : relation.parent]!.id
      const [from, to] = relation.parent === ghost ? [hidden, around[known]!] : [around[known]!, hidden]
      expect(relation.estimatedFrom).toBe(by)
      return relation.relativeChange / trueChange(from, to)
    })
    expect(lengths).toHaveLength(models.length)
    for (const ratio of lengths) expect(ratio).toBeCloseTo(1, 1)
  })
})

describe('the missing base of LoRA updates', () => {
  it('is found, with the rank of each update', () => {
    const { a, p, q, x, y, z } = loraSiblings(71)
    expect(recover(fingerprints({ a, p, q, x, y, z }))).toEqual({
      ghosts: ['from a, p lora4, q lora2, x, y'],
      links: ['a>z'],
    })
  })

  it('is found with one update stored more coarsely', () => {
    const { a, p, q, x, z } = loraSiblings(72)
    const models = [...fingerprints({ a, p, x, z }), fingerprint('q', throughStore(q, 'F16'), 'F16')]
    expect(recover(models).ghosts).toEqual(['from a, p lora4, q lora2, x'])
  })

  it('is told from a child that was hardly trained', () => {
    const { make, a, h, p, q, x, y, z } = loraSiblings(73)
    const light = make.fineTune(h, 0.01)
    expect(recover(fingerprints({ a, p, q, x, y, z, light }))).toEqual({
      ghosts: ['from a, light, p lora4, q lora2, x, y'],
      links: ['a>z'],
    })
  })

  it('is the base of merges that drop or trim elements', () => {
    const { make, a, h, p, q, x, y, z } = loraSiblings(74)
    const w = make.fineTune(h, 0.25)
    const dared = dare(h, [[x, 0.6], [y, 0.5]], 0.5, 1) // prettier-ignore
    const trimmed = ties(h, [[x, 0.4], [w, 0.6]], 0.5) // prettier-ignore
    const { ghosts, links } = recover(fingerprints({ a, p, q, x, y, z, w, dared, trimmed }))
    expect(ghosts).toEqual(['from a, p lora4, q lora2, w, x, y'])
    expect(links).toEqual(['a>z', 'w>trimmed merge', 'x>dared merge', 'x>trimmed merge', 'y>dared merge'])
  })

  it('is not missing where it is there, nor in a chain', () => {
    const { make, a, h, p, q, x, y, z } = loraSiblings(75)
    const r = make.lora(p, 4, 0.1)
    const s = make.lora(r, 2, 0.1)
    expect(recover(fingerprints({ a, h, p, q, x, y, z, r, s }))).toEqual({
      ghosts: [],
      links: ['a>h', 'a>z', 'h>p lora4', 'h>q lora2', 'h>x', 'h>y', 'p>r lora4', 'r>s lora2'],
    })
    expect(recover(fingerprints({ a, h, r: make.lora(p, 4, 0.1), x, y, z })).ghosts).toEqual([])
  })

  it('is not missing where one update was made from a cast of it', () => {
    const { make, a, h, p, x, y, z } = loraSiblings(78)
    const cast = throughStore(h, 'BF16')
    const q = make.lora(cast, 2, 0.1)
    const rounded = [fingerprint('cast', cast, 'BF16'), fingerprint('p', throughStore(p, 'BF16'), 'BF16')]
    expect(recover([...fingerprints({ a, h, q, x, y, z }), ...rounded]).ghosts).toEqual([])
  })

  it('is not read into mixtures of two links of a chain', () => {
    const { make, a, h, p, x, y, z } = loraSiblings(76)
    const mixed = dare(h, [[p, 0.5], [x, 0.5]], 0.5, 2) // prettier-ignore
    const more = dare(h, [[p, 0.4], [y, 0.6]], 0.6, 3) // prettier-ignore
    for (const models of [
      { a, h, p, x, y, z, mixed, more },
      { a, h, p, z, mixed, more },
    ])
      expect(recover(fingerprints(models)).ghosts).toEqual([])
    expect(recover(fingerprints({ a, p, r: make.lora(p, 2, 0.1), x, y, z })).ghosts).not.toContain('p')
  })

  it('is not claimed for two siblings alone', () => {
    const { a, p, q } = loraSiblings(77)
    expect(recover(fingerprints({ a, p, q })).ghosts).toEqual([])
  })
})

const WIDTH = 48

/** The model with an output layer of so many classes, bias included. */
function withHead(id: string, weights: Weights, head: Float32Array, bias: readonly number[]): HeritageModel {
  const { tensors } = fingerprint(id, weights)
  return {
    id,
    tensors: [
      ...tensors.filter(({ name }) => name !== 'head.weight'),
      measure('head.weight', head, [bias.length, WIDTH]),
      measure('head.bias', Float32Array.from(bias), [bias.length]),
    ],
  }
}

describe('the missing source of a model with new output rows', () => {
  function grown(seed: number) {
    const make = simulator(seed)
    const head = (classes: number): Float32Array => Float32Array.from({ length: classes * WIDTH }, () => make.gauss())
    const bias = (classes: number): number[] => Array.from({ length: classes }, () => 0.1 * make.gauss())
    const trained = (id: string, weights: Weights, classes: number) =>
      withHead(id, weights, head(classes), bias(classes))
    const a = make.root()
    const h = make.fineTune(a, 0.2)
    const [own, ownBias] = [head(4), bias(4)]
    const all = Float32Array.from([...own, ...head(3)])
    const larger = withHead('larger', h, all, [...ownBias, 0, 0, 0])
    const [x, y] = [make.fineTune(h, 0.2), make.fineTune(h, 0.3)]
    return {
      source: withHead('h', h, own, ownBias),
      larger,
      pruned: withHead('pruned', prune(h), own, ownBias),
      others: [trained('a', a, 5), trained('x', x, 6), trained('y', y, 4), trained('z', make.fineTune(a, 0.2), 3)],
    }
  }

  it('is found, and so is what else was made from it without training', () => {
    const { larger, pruned, others } = grown(81)
    expect(recover([larger, pruned, ...others])).toEqual({
      ghosts: ['from a, larger resized, pruned pruned, x, y'],
      links: ['a>z'],
    })
  })

  it('is not missing where it is there', () => {
    const { source, larger, pruned, others } = grown(82)
    expect(recover([source, larger, pruned, ...others])).toEqual({
      ghosts: [],
      links: ['a>h', 'a>z', 'h>larger resized', 'h>pruned pruned', 'h>x', 'h>y'],
    })
  })
})

describe('the missing source of an untrained derivative', () => {
  /** a, its child h, the derivative, a child of h that was hardly trained, and two that were. And a second branch of a. */
  function orphaned(seed: number, derive: (weights: Weights) => Weights) {
    const make = simulator(seed)
    const a = make.root()
    const h = make.fineTune(a, 0.2)
    const [light, x, y] = [make.fineTune(h, 0.05), make.fineTune(h, 0.2), make.fineTune(h, 0.25)]
    const derivative = throughStore(derive(h), 'F16')
    const others = { a, light, x, y, z: make.fineTune(a, 0.2) }
    return { make, h, derivative, orphan: fingerprint('orphan', derivative, 'F16'), others: fingerprints(others) }
  }
  const kinds: [string, (weights: Weights) => Weights][] = [
    ['quantized', (weights) => quantize(weights, 7, 32)],
    ['pruned', prune],
  ]

  it.each(kinds)('is found, though a child that was hardly trained lies nearest (%s)', (type, derive) => {
    const { orphan, others } = orphaned(91, derive)
    expect(recover([orphan, ...others])).toEqual({
      ghosts: [`from a, light, orphan ${type}, x, y`],
      links: ['a>z'],
    })
  })

  it.each(kinds)('is told from the derivative by what was trained from that (%s)', (type, derive) => {
    const { make, derivative, orphan, others } = orphaned(92, derive)
    expect(recover([orphan, ...others, fingerprint('t', make.fineTune(derivative, 0.2))])).toEqual({
      ghosts: [`from a, light, orphan ${type}, x, y`],
      links: ['a>z', 'orphan>t'],
    })
  })

  it.each(kinds)('is not missing where it is there, in whatever store (%s)', (type, derive) => {
    const { h, orphan, others } = orphaned(93, derive)
    for (const store of ['F32', 'BF16'] as const)
      expect(recover([orphan, fingerprint('h', throughStore(h, store), store), ...others]).ghosts, type).toEqual([])
  })

  it('is one for two derivatives of it', () => {
    const { h, orphan, others } = orphaned(94, (weights) => quantize(weights, 7, 32))
    const finer = fingerprint('finer', throughStore(quantize(h, 127, 48), 'F16'), 'F16')
    expect(recover([orphan, finer, ...others]).ghosts).toEqual([
      'finer quantized, from a, light, orphan quantized, x, y',
    ])
  })

  it('is the base of merges that drop or trim elements, where it was pruned', () => {
    const { make, h, others } = orphaned(95, prune)
    const [v, w] = [make.fineTune(h, 0.25), make.fineTune(h, 0.2)]
    const dared = dare(h, [[v, 0.6], [w, 0.5]], 0.5, 1) // prettier-ignore
    const { links } = recover([...others, ...fingerprints({ pruned: prune(h), v, w, dared })])
    expect(links).toEqual(['a>z', 'v>dared merge', 'w>dared merge'])
  })

  it('is not claimed with fewer than three relatives', () => {
    const { orphan, others } = orphaned(96, prune)
    expect(recover([orphan, ...others.filter(({ id }) => 'az'.includes(id))]).ghosts).toEqual([])
  })
})

describe('merges whose base is missing', () => {
  function bereft(seed: number) {
    const make = simulator(seed)
    const a = make.root()
    const h = make.fineTune(a, 0.25)
    const [b, c, d, e] = [0.2, 0.25, 0.15, 0.3].map((step) => make.fineTune(h, step)) as Weights[]
    return { make, h, models: { a, b: b!, c: c!, d: d!, e: e!, z: make.fineTune(a, 0.2) } }
  }
  const found = (weights: Record<string, Weights>): Seen & { weights: number[] } => {
    const models = fingerprints(weights)
    const merges = recoverHeritage(models).relations.filter(({ type }) => type === 'merge')
    return { ...recover(models), weights: merges.map(({ weight }) => weight!) }
  }

  it.each([
    ['task arithmetic', (h: Weights, b: Weights, c: Weights) => taskArithmetic(h, [[b, 0.6], [c, 0.7]])], // prettier-ignore
    ['dropped elements', (h: Weights, b: Weights, c: Weights) => dare(h, [[b, 0.6], [c, 0.7]], 0.5, 7)], // prettier-ignore
  ] as const)('do not hide it, and show their parents (%s)', (_, merge) => {
    const { make, h, models } = bereft(97)
    const m = merge(h, models.b, models.c)
    const { ghosts, links, weights } = found({ ...models, m, t: make.fineTune(m, 0.1) })
    expect({ ghosts, links }).toEqual({
      ghosts: ['b, c, d, e, from a'],
      links: ['a>z', 'b>m merge', 'c>m merge', 'm>t'],
    })
    expect(weights[0]).toBeCloseTo(0.6, 1)
    expect(weights[1]).toBeCloseTo(0.7, 1)
  })

  it('are not read into children of a missing model that share a course', () => {
    const { make, h, models } = bereft(98)
    const course = make.fineTune(make.zero(), 0.15)
    const drifted = (step: number): Weights =>
      make.fineTune(
        new Map([...h].map(([name, values]) => [name, values.map((v, i) => v + course.get(name)![i]!)])),
        step,
      )
    expect(found({ ...models, f: drifted(0.1), g: drifted(0.15) }).weights).toEqual([])
    expect(found({ ...models, f: make.fineTune(models.b, 0.1), g: make.fineTune(models.c, 0.02) }).weights).toEqual([])
  })
})

describe('stars of fine-tunes', () => {
  it('show a missing centre, and all that belongs to it', () => {
    const make = simulator(83)
    const a = make.root()
    const h = make.fineTune(a, 0.3)
    const children = [0.1, 0.15, 0.2, 0.25, 0.3].map((step) => make.fineTune(h, step))
    const z = make.fineTune(a, 0.2)
    const [b, c, d, e, f] = children as [Weights, Weights, Weights, Weights, Weights]
    expect(recover(fingerprints({ a, b, c, d, e, f, z }))).toEqual({
      ghosts: ['b, c, d, e, f, from a'],
      links: ['a>z'],
    })
  })

  it('show none in a chain, nor where children share a drift', () => {
    const make = simulator(84)
    const a = make.root()
    const chain = [0.3, 0.2, 0.2, 0.1].reduce<Weights[]>((all, step) => [...all, make.fineTune(all.at(-1)!, step)], [a])
    expect(recover(fingerprints(Object.fromEntries(chain.map((weights, i) => [`m${i}`, weights])))).ghosts).toEqual([])
    const drift = make.fineTune(make.zero(), 1)
    const drifted = [0.1, 0.2, 0.3, 0.4, 0.5].map((size) => {
      const along = new Map(
        [...a].map(([name, values]) => [name, values.map((v, i) => v + 0.6 * size * drift.get(name)![i]!)]),
      )
      return make.fineTune(along, size)
    })
    const models = [a, ...drifted].map((weights, i) => fingerprint(`m${i}`, weights))
    expect(recover(models).ghosts).toEqual([])
  })
})
