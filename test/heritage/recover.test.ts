import { describe, expect, it } from 'vitest'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'
import { fingerprint, simulator, throughStore, type Weights } from '../support/simulate.ts'

/** Relations by the ids of their ends, "parent>child type", "~" where undirected. */
function relations(models: readonly HeritageModel[]): string[] {
  return recoverHeritage(models)
    .relations.map(({ parent, child, type, directed }) => {
      const ends = [models[parent]!.id, models[child]!.id]
      return directed ? `${ends.join('>')} ${type}` : `${ends.sort().join('~')} ${type}`
    })
    .sort()
}

/** Two families: root a with children b (LoRA 3) and c (fine-tune), grandchildren d and e of c; root x with child y, z. */
function forest(seed = 1) {
  const make = simulator(seed)
  const a = make.root()
  const b = make.lora(a, 3, 0.3)
  const c = make.fineTune(a, 0.2)
  const d = make.fineTune(c, 0.15)
  const e = make.fineTune(c, 0.25)
  const x = make.root()
  const y = make.fineTune(x, 0.3)
  const z = make.lora(y, 2, 0.4)
  return { a, b, c, d, e, x, y, z, make }
}

const TRUTH = ['a>b lora', 'a>c fine-tune', 'c>d fine-tune', 'c>e fine-tune', 'x>y fine-tune', 'y>z lora']

function forestModels(seed?: number): HeritageModel[] {
  const { make: _, ...weights } = forest(seed)
  return Object.entries(weights).map(([id, values]) => fingerprint(id, values))
}

describe('recoverHeritage', () => {
  it('recovers trees, directions, types and ranks of two families of one architecture', () => {
    const models = forestModels()
    expect(relations(models)).toEqual(TRUTH)
    const { families, relations: found } = recoverHeritage(models)
    expect(
      families.map(({ members, root }) => [members.map((m) => models[m]!.id).join(''), models[root!]!.id]),
    ).toEqual([
      ['abcde', 'a'],
      ['xyz', 'x'],
    ])
    expect(found.filter(({ type }) => type === 'lora').map(({ rank }) => rank)).toEqual([3, 2])
    for (const { support } of found) expect(support).toBeGreaterThan(0.95)
  })

  it.each([2, 3, 4, 5])('holds for other weights (seed %i)', (seed) => {
    expect(relations(forestModels(seed))).toEqual(TRUTH)
  })

  it('gives the same answer in whatever order models and tensors come', () => {
    const shuffled = forestModels()
      .toReversed()
      .map(({ id, tensors }) => ({ id, tensors: tensors.toReversed() }))
    expect(relations(shuffled)).toEqual(TRUTH)
  })

  it('leaves unrelated models of one architecture apart', () => {
    const make = simulator(7)
    const models = Array.from({ length: 12 }, (_, i) => fingerprint(`m${i}`, make.root()))
    expect(recoverHeritage(models)).toEqual({ families: [], relations: [], verdicts: [] })
  })

  it('does not take a constant that unrelated models share for descent', () => {
    const make = simulator(8)
    const anchors = make.root().get('embed.weight')!
    const models = Array.from({ length: 5 }, (_, i) =>
      fingerprint(`m${i}`, new Map([...make.root(), ['embed.weight', anchors]])),
    )
    expect(recoverHeritage(models).relations).toEqual([])
  })

  it('does not take one large matrix in which strangers resemble each other for descent', () => {
    const make = simulator(9)
    const learned = make.root().get('embed.weight')!
    const models = Array.from({ length: 4 }, (_, i) => {
      const weights = make.root()
      const own = weights.get('embed.weight')!
      weights.set(
        'embed.weight',
        own.map((value, e) => 3 * (0.9 * value + 0.43 * learned[e]!)),
      )
      return fingerprint(`m${i}`, weights)
    })
    expect(recoverHeritage(models).relations).toEqual([])
  })

  it('hangs a model from the one it has matrices in common with, though another lies nearer', () => {
    const make = simulator(10)
    const root = make.root()
    const base = make.fineTune(root, 0.3)
    const adapted = make.lora(base, 2, 0.3)
    const near = make.fineTune(adapted, 0.05)
    const far = new Map(
      [...base].map(([name, values]) => [name, values.map((value, i) => value + 3 * (adapted.get(name)![i]! - value))]),
    )
    const models = Object.entries({ root, base, near, far }).map(([id, weights]) => fingerprint(id, weights))
    expect(relations(models)).toEqual(['base>far lora', 'base>near fine-tune', 'root>base fine-tune'])
  })

  it('tells casts from what they were cast from, and hangs what was trained from a cast below the cast', () => {
    const { a, b, c, make } = forest()
    const half = throughStore(c, 'BF16')
    const tuned = make.fineTune(half, 0.02)
    const models = [
      fingerprint('a', a),
      fingerprint('b', b),
      fingerprint('c', c),
      fingerprint('h', half, 'BF16'),
      fingerprint('t', tuned),
    ]
    expect(relations(models)).toEqual(['a>b lora', 'a>c fine-tune', 'c>h cast', 'h>t fine-tune'])
  })

  it('knows a widening cast, which loses nothing, by its narrower source', () => {
    const make = simulator(9)
    const weights = throughStore(make.root(), 'F16')
    expect(relations([fingerprint('wide', weights), fingerprint('narrow', weights, 'F16')])).toEqual([
      'narrow>wide cast',
    ])
  })

  it('finds a low-rank update under the rounding of a coarser store', () => {
    const { a, c, d, make } = forest()
    const merged = make.lora(a, 4, 0.4)
    const models = [fingerprint('a', a), fingerprint('m', merged, 'BF16'), fingerprint('c', c), fingerprint('d', d)]
    expect(relations(models)).toEqual(['a>c fine-tune', 'a>m lora', 'c>d fine-tune'])
    expect(recoverHeritage(models).relations.find(({ type }) => type === 'lora')?.rank).toBe(4)
  })

  it('says of equal numbers whether the names are equal too, and not which came first', () => {
    const { a, b } = forest()
    const models = [
      fingerprint('a', a),
      fingerprint('b', b),
      fingerprint('copy', a),
      fingerprint('other', a, 'F32', (name) => `wrapped.${name}`),
    ]
    expect(relations(models)).toContain('a~copy copy')
    expect(relations(models)).toContain('a~other renamed')
  })

  it('aligns tensors behind prefixes and under names that say nothing', () => {
    const { a, b, c, d, e } = forest()
    const names = [...a.keys()]
    const models = [
      fingerprint('a', a),
      fingerprint('b', b),
      fingerprint('c', c, 'F32', (name) => `model.encoder.${name}`),
      fingerprint('d', d, 'F32', (name) => `t${(names.indexOf(name) * 5) % names.length}`),
      fingerprint('e', e),
    ]
    expect(relations(models)).toEqual(TRUTH.slice(0, 4))
  })

  it('does not claim a direction for two models alone', () => {
    const { a, c } = forest()
    const models = [fingerprint('a', a), fingerprint('c', c)]
    expect(relations(models)).toEqual(['a~c fine-tune'])
    expect(recoverHeritage(models).families[0]!.root).toBeNull()
  })

  it('takes nothing, one model, and models without weights', () => {
    expect(recoverHeritage([])).toEqual({ families: [], relations: [], verdicts: [] })
    expect(recoverHeritage([forestModels()[0]!, { id: 'empty', tensors: [] }])).toEqual({
      families: [],
      relations: [],
      verdicts: [],
    })
  })
})

describe('checkpoints with jitter', () => {
  /** A run that carries full-rank noise of its own at every checkpoint, and short tunes that take part of it back. */
  function run(seed: number) {
    const make = simulator(seed)
    const noise = (): Weights => make.fineTune(make.zero(), 0.35)
    const add = (a: Weights, b: Weights, share: number): Weights =>
      new Map([...a].map(([name, values]) => [name, values.map((value, i) => value + share * b.get(name)![i]!)]))
    // Checkpoints are drift plus jitter; the next checkpoint has the drift and other jitter.
    const drift = [make.root()]
    for (let i = 0; i < 3; i++) drift.push(make.fineTune(drift.at(-1)!, 0.5))
    const jitter = drift.map(noise)
    const checkpoints = drift.map((weights, i) => add(weights, jitter[i]!, 1))
    const tuned = checkpoints.map((weights, i) => make.fineTune(add(weights, jitter[i]!, -0.12), 0.02))
    return { checkpoints, tuned }
  }

  it.each([51, 52])('hang from each other, not from the short tunes that lie nearer (seed %i)', (seed) => {
    const { checkpoints, tuned } = run(seed)
    const models = [
      ...checkpoints.map((weights, i) => fingerprint(`c${i}`, weights)),
      ...tuned.map((weights, i) => fingerprint(`t${i}`, weights)),
    ]
    const links = recoverHeritage(models).relations.map(({ parent, child }) =>
      [models[parent]!.id, models[child]!.id].sort().join('-'),
    )
    expect(links.sort()).toEqual(['c0-c1', 'c0-t0', 'c1-c2', 'c1-t1', 'c2-c3', 'c2-t2', 'c3-t3'])
  })
})
