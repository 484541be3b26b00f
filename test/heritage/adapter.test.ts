import { describe, expect, it } from 'vitest'
import { alignModels } from '../../src-main/heritage/align/align.ts'
import { outputSide } from '../../src-main/heritage/adapter/alignment.ts'
import { attentionBlocks } from '../../src-main/heritage/adapter/blocks.ts'
import { updatesOf } from '../../src-main/heritage/adapter/factors.ts'
import { fitAdapter } from '../../src-main/heritage/adapter/fit.ts'
import { headSize } from '../../src-main/heritage/adapter/heads.ts'
import { recoverAdapters } from '../../src-main/heritage/adapter/recover.ts'
import type { AdapterHeritage, AdapterRelation, ReadAgain } from '../../src-main/heritage/adapter/types.ts'
import { attentionRole, factorName } from '../../src-main/heritage/adapter/names.ts'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'
import { adapterSimulator, type Adapter, type Attentions } from '../support/simulate-adapters.ts'

const WIDTH = 48
const RANK = 4

/** Matrices of up to 64 a side are in their sketches. */
const noReads: ReadAgain = () => Promise.reject(new Error('read again'))

interface Placed extends AdapterHeritage {
  readonly ids: readonly string[]
  readonly adapterRelations: readonly AdapterRelation[]
  /** "parent>child type" of the relations whose child is an adapter. */
  readonly links: readonly string[]
}

async function place(models: HeritageModel[], adapters: HeritageModel[], read = noReads): Promise<Placed> {
  const heritage = recoverHeritage(models)
  const found = await recoverAdapters(models, heritage, adapters, read)
  const ids = [...models, ...adapters].map(({ id }) => id)
  expect(heritage.families.flatMap(({ ghosts }) => ghosts)).toEqual([])
  const below = found.relations.filter(({ child }) => child >= models.length)
  const links = below.map(
    ({ parent, child, type, directed }) => `${ids[parent]}${directed ? '>' : '~'}${ids[child]} ${type}`,
  )
  const adapterRelations = below.filter((relation): relation is AdapterRelation => 'evidence' in relation)
  return { ...found, ids, links, adapterRelations }
}

/** Two families: a with children b and c far from it, x with child y. */
function forest(seed: number) {
  const make = adapterSimulator(seed, WIDTH, RANK)
  const a = make.root()
  const [b, c] = [make.fineTune(a, 0.7), make.fineTune(a, 0.7)]
  const x = make.root()
  const y = make.fineTune(x, 0.5)
  const weights: Record<string, Attentions> = { a, b, c, x, y }
  const models = Object.entries(weights).map(([id, values]) => make.fingerprintModel(id, values))
  const adapter = (id: string, update: Adapter): HeritageModel => make.fingerprintAdapter(id, update)
  return { make, a, b, c, x, y, models, adapter }
}

describe('an adapter', () => {
  it('that was merged into a model belongs to what it was merged from, whatever the scale', async () => {
    const { make, models, adapter, b } = forest(1)
    const update = make.anyAdapter()
    const merged = make.fingerprintModel('merged', make.merge(b, update, 0.3))
    const { links, adapterRelations, ids } = await place([...models, merged], [adapter('lora', update)])
    expect(links).toEqual(['b>lora adapter'])
    const [{ evidence, support, rank }] = adapterRelations as [AdapterRelation]
    expect(evidence).toMatchObject({ by: 'merged', cosine: expect.closeTo(1, 4) })
    expect(ids[(evidence as { into: number }).into]).toBe('merged')
    expect([support, rank]).toEqual([1, RANK])
  })

  it.each([1, 2, 3])('is found by its alignment with the projections of its base (seed %i)', async (seed) => {
    const { make, models, adapter, b, x } = forest(seed)
    const { links, adapterRelations, families, ids } = await place(models, [
      adapter('of-b', make.adapterOf(b)),
      adapter('of-x', make.adapterOf(x)),
    ])
    expect(links[0]).toBe('b>of-b adapter')
    expect(families.map(({ members }) => members.map((member) => ids[member]).join())).toEqual([
      'a,b,c,of-b',
      'x,y,of-x',
    ])
    for (const { evidence } of adapterRelations) expect(evidence).toMatchObject({ by: 'alignment' })
  })

  it('is less sure of its base among models that are nearly alike, and says so', async () => {
    const make = adapterSimulator(5, WIDTH, RANK)
    const a = make.root()
    const siblings = [a, ...Array.from({ length: 5 }, () => make.fineTune(a, 0.02))]
    const models = siblings.map((model, i) => make.fingerprintModel(`m${i}`, model))
    const { adapterRelations } = await place(models, [make.fingerprintAdapter('lora', make.adapterOf(siblings[3]!))])
    const [{ evidence, support }] = adapterRelations as [AdapterRelation]
    expect((evidence as { bases: number }).bases).toBeGreaterThan(1)
    expect(support).toBeLessThan(0.9)
  })

  it('of a model without relatives makes a family with it', async () => {
    const make = adapterSimulator(6, WIDTH, RANK)
    const [base, other] = [make.root(), make.root()]
    const models = [make.fingerprintModel('other', other), make.fingerprintModel('base', base)]
    const { families, links } = await place(models, [make.fingerprintAdapter('lora', make.adapterOf(base))])
    expect(families).toEqual([{ members: [1, 2], ghosts: [], root: 1 }])
    expect(links).toEqual(['base>lora adapter'])
  })

  it.each([1, 2, 3])('of none of the models stays alone (seed %i)', async (seed) => {
    const { make, models, adapter } = forest(seed)
    const stranger = adapter('stranger', make.adapterOf(make.root()))
    const { links, families } = await place(models, [stranger, adapter('random', make.anyAdapter())])
    expect(links).toEqual([])
    expect(families.flatMap(({ members }) => members)).toHaveLength(models.length)
  })

  it('is not placed by anything else where its names do not fit', async () => {
    const { make, models, adapter, b } = forest(1)
    const update = make.adapterOf(b)
    const merged = make.fingerprintModel('merged', make.merge(b, update, 1))
    const elsewhere = new Map([...update].map(([name, factors]) => [name.replace('.attention.', '.mixer.'), factors]))
    expect((await place([...models, merged], [adapter('lora', update)])).links).toHaveLength(1)
    expect((await place([...models, merged], [adapter('lora', elsewhere)])).links).toEqual([])
  })

  it('is found in wide models by reading their attention again, and no more than that', async () => {
    const width = 80
    const make = adapterSimulator(8, width, RANK)
    const base = make.root()
    const update = make.adapterOf(base)
    const child = make.fineTune(base, 0.8)
    const models = [make.fingerprintModel('base', base), make.fingerprintModel('child', child)]
    const contents = new Map<string, Float32Array>()
    for (const [id, weights] of Object.entries({ base, child })) {
      for (const [name, values] of weights) contents.set(`${id} ${name}.weight`, values)
    }
    for (const [name, { a, b }] of update) {
      contents.set(`lora base_model.model.${name}.lora_A.weight`, a)
      contents.set(`lora base_model.model.${name}.lora_B.weight`, b)
    }
    const again = new Map<string, number>()
    const { links } = await place(models, [make.fingerprintAdapter('lora', update)], (model, { name }, from, to) => {
      again.set(name, (again.get(name) ?? 0) + to - from)
      return Promise.resolve(Float64Array.from(contents.get(`${model.id} ${name}`)!.subarray(from, to)))
    })
    expect(links).toEqual(['base>lora adapter'])
    const elements = (part: string): number =>
      [...again].reduce((sum, [name, count]) => sum + (name.includes(part) ? count : 0), 0)
    // All partners of one model for the family, again for the heads, and the output projections of each of the two for the base.
    expect(elements('query.weight')).toBe(2 * 4 * width * width)
    expect(elements('key.weight')).toBe(2 * 4 * width * width)
    expect(elements('dense.weight')).toBe(4 * 4 * width * width)
    expect(elements('value.weight')).toBe(0)
  })
})

describe('the heads of an attention', () => {
  it.each([
    [48, 1],
    [48, 2],
    [48, 4],
    [48, 6],
    // Wider than the rows that are looked at.
    [288, 4],
  ])('show in an adapter (%i rows, %i heads)', async (width, heads) => {
    const make = adapterSimulator(width + heads, width, RANK)
    const base = make.root()
    const model = make.fingerprintModel('base', base)
    const update = make.adapterOf(base, heads)
    const adapter = make.fingerprintAdapter('lora', update)
    const [architecture] = alignModels([model])
    const updates = updatesOf(adapter)
    const contents = new Map([...base].map(([name, values]) => [`${name}.weight`, values]))
    for (const [name, { a, b }] of update) {
      contents.set(`base_model.model.${name}.lora_A.weight`, a)
      contents.set(`base_model.model.${name}.lora_B.weight`, b)
    }
    const read: ReadAgain = (_, { name }, from, to) =>
      Promise.resolve(Float64Array.from(contents.get(name)!.subarray(from, to)))
    const blocks = await Promise.all(
      attentionBlocks(fitAdapter(updates, architecture!)!, architecture!).map(async (block) => ({
        ...block,
        side: await outputSide(adapter, updates[block.update]!, read),
        gradients: null,
      })),
    )
    const witnesses = blocks.map((block) => ({ block, architecture: architecture!, member: 0, model }))
    expect(await headSize(witnesses, read)).toBe(width / heads)
  })
})

describe('checkpoints of one run', () => {
  it.each([1, 2, 3])(
    'are a chain in the order of training, and only the first hangs from the base (seed %i)',
    async (seed) => {
      const { make, models, adapter, c } = forest(seed)
      const one = make.adapterOf(c)
      const two = make.trainOn(one)
      const three = make.trainOn(two)
      const { links } = await place(models, [adapter('s3', three), adapter('s1', one), adapter('s2', two)])
      expect([...links].sort()).toEqual(['c>s1 adapter', 's1>s2 fine-tune', 's2>s3 fine-tune'])
    },
  )

  it('hang together also where their base is missing', async () => {
    const { make, models, adapter } = forest(4)
    const one = make.adapterOf(make.root())
    const { links, families } = await place(models, [adapter('s2', make.trainOn(one)), adapter('s1', one)])
    expect(links).toEqual(['s1>s2 fine-tune'])
    expect(families.at(-1)).toEqual({ members: [5, 6], ghosts: [], root: 6 })
  })

  it('are told from other runs with the same start, and from other starts on the same base', async () => {
    const { make, models, adapter, b } = forest(3)
    const one = make.adapterOf(b)
    const sameStart = new Map([...make.adapterOf(b)].map(([name, { b }]) => [name, { a: one.get(name)!.a, b }]))
    const otherStart = new Map([...make.adapterOf(b)].map(([name, { a }]) => [name, { a, b: one.get(name)!.b }]))
    const { links } = await place(models, [
      adapter('one', one),
      adapter('start', sameStart),
      adapter('same-b', otherStart),
    ])
    expect(links.filter((link) => link.endsWith('fine-tune'))).toEqual([])
    expect(links).toHaveLength(3)
  })

  it('that are equal are copies', async () => {
    const { make, models, adapter, b } = forest(2)
    const one = make.adapterOf(b)
    expect((await place(models, [adapter('p', one), adapter('q', one)])).links).toEqual(['b>p adapter', 'p~q copy'])
  })
})

describe('names', () => {
  it.each([
    ['base_model.model.vit.layer.0.query.lora_A.weight', { module: 'vit.layer.0.query', factor: 'A' }],
    ['base_model.model.q_proj.lora_B.default.weight', { module: 'q_proj', factor: 'B' }],
    ['unet.attn1.to_q.lora_A.weight', { module: 'unet.attn1.to_q', factor: 'A' }],
    ['base_model.model.classifier.weight', null],
    ['base_model.model.embed.lora_embedding_A', null],
  ])('of a factor: %s', (name, expected) => {
    expect(factorName(name)).toEqual(expected)
  })

  it.each([
    [
      'vit.encoder.layer.0.attention.attention.query',
      'vit.encoder.layer.0.attention.output.dense',
      'vit.encoder.layer.0',
    ],
    [
      'bert.encoder.layer.3.attention.self.value',
      'bert.encoder.layer.3.attention.output.dense',
      'bert.encoder.layer.3',
    ],
    ['model.layers.1.self_attn.q_proj', 'model.layers.1.self_attn.o_proj', 'model.layers.1.self_attn'],
    ['decoder.layers.1.encoder_attn.k_proj', 'decoder.layers.1.encoder_attn.out_proj', 'decoder.layers.1.encoder_attn'],
    ['transformer.layer.2.attention.q_lin', 'transformer.layer.2.attention.out_lin', 'transformer.layer.2'],
    ['block.0.layer.0.SelfAttention.q', 'block.0.layer.0.SelfAttention.o', 'block.0.layer.0.SelfAttention'],
    ['blocks.0.attn1.to_v', 'blocks.0.attn1.to_out.0', 'blocks.0.attn1'],
  ])('%s belongs with %s', (projection, output, attention) => {
    expect(attentionRole(projection)).toMatchObject({ attention })
    expect(attentionRole(output)).toEqual({ role: 'output', attention })
  })

  it('of other matrices are not taken for attention', () => {
    for (const name of ['layer.0.output.dense', 'layer.0.intermediate.dense', 'mlp.up_proj', 'lm_head']) {
      expect(attentionRole(name)).toBeNull()
    }
  })
})
