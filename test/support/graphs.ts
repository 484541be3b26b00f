import type { Graph, GraphModel, Relation } from '../../src-main/contract/graph.ts'

/** A model with plain values; tests override what they are about. */
export function aModel(id: string, values: Partial<GraphModel> = {}): GraphModel {
  return {
    id,
    path: id,
    kind: 'model',
    family: null,
    root: false,
    dtype: 'F32',
    parameters: 85_800_000,
    tensors: 198,
    bytes: 343_200_000,
    contentHash: 'a'.repeat(64),
    ...values,
  }
}

/** A directed, certain fine-tune; tests override what they are about. */
export function aRelation(parent: string, child: string, values: Partial<Relation> = {}): Relation {
  return {
    parent,
    child,
    type: 'fine-tune',
    directed: true,
    support: 1,
    directionSupport: 1,
    weight: null,
    rank: null,
    relativeChange: 0.018,
    cosine: 0.9998,
    reason: `Consistent with ${child} being fine-tuned from ${parent}: 400 of 400 replicates.`,
    ...values,
  }
}

export function aGraph(models: readonly GraphModel[], relations: readonly Relation[] = []): Graph {
  return { schema: 'heirloom/graph@1', models, relations, verdicts: [], problems: [] }
}

const EQUAL = { directed: false, directionSupport: null, relativeChange: 0, cosine: 1 }

/** One family of 14 with every type, a pair of unknown direction, an unrelated model and two problems. */
export function exampleGraph(): Graph {
  const family = (id: string, values: Partial<GraphModel> = {}): GraphModel =>
    aModel(id, { family: 'family-1', ...values })
  const pair = (id: string): GraphModel =>
    aModel(id, { family: 'family-2', parameters: 37_760_640, tensors: 167, bytes: 151_060_000 })
  const models = [
    family('vit-base', { root: true }),
    family('vit-base-backup', {}),
    family('vit-birds'),
    family('vit-birds-de', { contentHash: 'b'.repeat(64) }),
    family('vit-birds-fp16', { dtype: 'F16', bytes: 171_600_000 }),
    family('vit-birds-lora-8'),
    family('vit-birds-lora-16'),
    family('vit-cars'),
    family('vit-cars-night'),
    family('vit-cars-night-bf16', { dtype: 'BF16', bytes: 171_600_000 }),
    family('vit-cars-rain'),
    family('vit-food'),
    family('vit-food-2'),
    family('vit-food-renamed'),
    pair('whisper-nl/epoch-1'),
    pair('whisper-nl/epoch-2'),
    aModel('resnet18-scratch', { bytes: 44_800_000, parameters: 11_200_000, tensors: 62 }),
  ]
  const relations = [
    aRelation('vit-base', 'vit-base-backup', { type: 'copy', ...EQUAL, reason: 'Every tensor has the same content.' }),
    aRelation('vit-base', 'vit-birds', { relativeChange: 0.0312 }),
    aRelation('vit-base', 'vit-cars', { relativeChange: 0.0245, support: 0.9975, directionSupport: 0.93 }),
    aRelation('vit-base', 'vit-food', { relativeChange: 0.0538, directionSupport: 0.97 }),
    aRelation('vit-birds', 'vit-birds-de', { relativeChange: 0.0121, support: 0.8625, directionSupport: 0.8125 }),
    aRelation('vit-birds', 'vit-birds-fp16', { type: 'cast', relativeChange: 0.0002 }),
    aRelation('vit-birds', 'vit-birds-lora-16', { type: 'lora', rank: 16, relativeChange: 0.0284 }),
    aRelation('vit-birds', 'vit-birds-lora-8', { type: 'lora', rank: 8, relativeChange: 0.0193 }),
    aRelation('vit-cars', 'vit-cars-night', { relativeChange: 0.0151, support: 0.715, directionSupport: 0.9 }),
    aRelation('vit-cars', 'vit-cars-rain', { relativeChange: 0.0178, support: 0.4425, directionSupport: 0.62 }),
    aRelation('vit-cars-night', 'vit-cars-night-bf16', { type: 'cast', relativeChange: 0.0016 }),
    aRelation('vit-food', 'vit-food-2', { relativeChange: 0.0092 }),
    aRelation('vit-food', 'vit-food-renamed', {
      type: 'renamed',
      ...EQUAL,
      reason: 'The same content under other names.',
    }),
    aRelation('whisper-nl/epoch-1', 'whisper-nl/epoch-2', {
      directed: false,
      support: 0.88,
      directionSupport: 0.54,
      relativeChange: 0.0074,
    }),
  ]
  const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1)
  return {
    schema: 'heirloom/graph@1',
    models: models.sort(byPath),
    relations: relations.sort((a, b) => (a.child < b.child ? -1 : 1)),
    verdicts: [],
    problems: [
      {
        path: 'broken/model.safetensors',
        code: 'HEADER_TOO_LARGE',
        message: 'The header claims 9,007,199,254,740,993 bytes; at most 100,000,000 are allowed.',
        offset: 0,
      },
      { path: 'half-copied.safetensors', code: 'FILE_CHANGED', message: 'The file changed while it was read.' },
    ],
  }
}

/** A forest of `families` trees over about nine tenths of `models` models, the same for the same seed. */
export function randomGraph(models: number, families: number, seed: number): Graph {
  const random = generator(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const words = ['vit', 'llama', 'mistral', 'instruct', 'code', 'chat', 'law', 'med', 'de', 'fr', 'v2', 'dpo', 'sft']
  const placed: GraphModel[] = []
  const relations: Relation[] = []
  const members: string[][] = Array.from({ length: families }, () => [])
  for (let index = 0; index < models; index++) {
    const id = `${pick(words)}-${pick(words)}-${pick(words)}-${index}`
    const family = index < families ? index : Math.floor(random() * families * 1.1)
    const relatives = members[family]
    placed.push(
      aModel(id, {
        family: relatives ? `family-${family + 1}` : null,
        root: relatives?.length === 0,
        bytes: Math.floor(10 ** (6 + random() * 4)),
        dtype: pick(['F32', 'F16', 'BF16']),
      }),
    )
    if (relatives && relatives.length > 0) relations.push(randomRelation(pick(relatives.slice(-8)), id, random))
    relatives?.push(id)
  }
  const path = (id: string): string => id
  return aGraph(
    placed.sort((a, b) => (path(a.id) < path(b.id) ? -1 : 1)),
    relations.sort((a, b) => (a.child < b.child ? -1 : 1)),
  )
}

function randomRelation(parent: string, child: string, random: () => number): Relation {
  const kind = random()
  const relativeChange = Math.round(random() ** 2 * 1e5) / 1e6
  const support = random() < 0.6 ? 1 : Math.round(random() * 400) / 400
  if (kind < 0.1) return aRelation(parent, child, { type: 'copy', ...EQUAL })
  if (kind < 0.25) return aRelation(parent, child, { type: 'cast', relativeChange: 0.0002 })
  if (kind < 0.5) return aRelation(parent, child, { type: 'lora', rank: 8, relativeChange, support })
  return aRelation(parent, child, { relativeChange, support, directionSupport: 0.5 + random() / 2 })
}

/** Mulberry32, a small public-domain generator: numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
