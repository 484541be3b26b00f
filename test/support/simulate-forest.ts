import type { Measurer } from '../../src-main/fingerprint/measure.ts'
import type { TensorFingerprint } from '../../src-main/fingerprint/types.ts'
import { seededRandom } from '../../src-main/heritage/tree/random.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'
import { measure } from './kernels.ts'
import { withoutSmall } from './simulate.ts'

/** No matrix is larger than a sketch, so that a sketch is the matrix, and children can be made from fingerprints alone. */
const WIDTH = 64
const VOCABULARY = 48
const ROLES = ['query', 'key', 'value', 'output', 'up', 'down']
const SIGMA = 0.1

type Kind = 'root' | 'fine-tune' | 'lora' | 'cast' | 'pruned' | 'copy' | 'merge' | 'dare'

/** How often each kind of child is made; what is left over are fine-tunes. */
const SHARES: readonly (readonly [Kind, number])[] = [
  ['lora', 0.3],
  ['cast', 0.05],
  ['pruned', 0.03],
  ['copy', 0.02],
  ['merge', 0.02],
  ['dare', 0.01],
]

/** One model of a simulated forest, with what is true of it. */
export interface ForestModel extends HeritageModel {
  readonly family: number
  readonly kind: Kind
  /** Positions in the forest; the base of a merge is not among them. */
  readonly parents: readonly number[]
}

export interface ForestPlan {
  /** Members of each family; families of one are strangers. */
  readonly families: readonly number[]
  /** Layers of six matrices and two norms. */
  readonly layers: number
  readonly seed: number
}

type Values = Float32Array

/**
 * Families of small transformers of one architecture, fingerprinted by the real kernels: grown at random by full and
 * low-rank fine-tunes with steps over an order of magnitude, casts, pruned copies, copies and merges.
 *
 * @param keep puts a finished model away; what it gives back takes part in place of the model
 */
export function simulateForest(
  { families, layers, seed }: ForestPlan,
  measurer: Measurer,
  keep: (model: HeritageModel) => HeritageModel = (model) => model,
): ForestModel[] {
  const make = weightMaker(seed)
  const slots = slotsOf(layers)
  const fingerprint = (slot: number, values: Values, store: 'F32' | 'BF16'): TensorFingerprint => {
    const { name, shape } = slots[slot]!
    return { name, block: -1, dtype: store, shape, ...measure(measurer, store, shape, encode(values, store)) }
  }
  const forest: ForestModel[] = []
  families.forEach((size, family) => {
    const first = forest.length
    const add = (kind: Kind, parents: readonly number[], values: (slot: number, name: string) => Values): void => {
      const store = kind === 'cast' ? 'BF16' : 'F32'
      const tensors = slots.map(({ name }, slot) => fingerprint(slot, values(slot, name), store))
      forest.push({ ...keep({ id: `model-${forest.length}`, tensors }), family, kind, parents })
    }
    add('root', [], (slot) => make.fresh(slots[slot]!.shape))
    while (forest.length < first + size) {
      const pick = (): number => first + Math.floor(make.uniform() * (forest.length - first))
      const kind = pickKind(make.uniform())
      const [parent, other] = [pick(), pick()]
      const from = (model: number, slot: number): Values => forest[model]!.tensors[slot]!.sketch!
      const step = 0.02 * 15 ** make.uniform()
      const rank = 2 + Math.floor(make.uniform() * 7)
      const siblings = forest.flatMap((model, at) =>
        model.kind === 'fine-tune' && model.parents[0] === parent ? [at] : [],
      )
      if (kind === 'lora') add(kind, [parent], (slot, name) => make.lora(from(parent, slot), name, step, rank))
      else if (kind === 'cast' || kind === 'copy') add(kind, [parent], (slot) => from(parent, slot))
      else if (kind === 'pruned') add(kind, [parent], (slot) => withoutSmall(from(parent, slot)))
      else if (kind === 'merge' && parent !== other)
        add(kind, [parent, other], (slot) => from(parent, slot).map((x, i) => 0.6 * x + 0.4 * from(other, slot)[i]!))
      else if (kind === 'dare' && siblings.length >= 2)
        add(kind, siblings.slice(0, 2), (slot) =>
          make.dare(
            from(parent, slot),
            siblings.slice(0, 2).map((node) => from(node, slot)),
          ),
        )
      else add('fine-tune', [parent], (slot) => make.fineTune(from(parent, slot), step))
    }
  })
  return forest
}

function slotsOf(layers: number): { name: string; shape: readonly number[] }[] {
  const layer = (at: number) => [
    ...ROLES.map((role) => ({ name: `layers.${at}.${role}.weight`, shape: [WIDTH, WIDTH] })),
    ...['before', 'after'].map((place) => ({ name: `layers.${at}.${place}.norm`, shape: [WIDTH] })),
  ]
  return [
    { name: 'embed.weight', shape: [VOCABULARY, WIDTH] },
    ...Array.from({ length: layers }, (_, at) => layer(at)).flat(),
  ]
}

function pickKind(draw: number): Kind {
  let passed = 0
  for (const [kind, share] of SHARES) if (draw < (passed += share)) return kind
  return 'fine-tune'
}

/** Normal numbers come from one table, at random places: at no two places alike, and fast. */
function weightMaker(seed: number) {
  const uniform = seededRandom(seed)
  const table = Float32Array.from(
    { length: 2 ** 20 },
    () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  )
  const normal = (count: number): Values => {
    const at = Math.floor(uniform() * (table.length - count))
    return table.subarray(at, at + count)
  }
  return {
    uniform,
    /** Trained weights have heavier tails than normal ones; norms sit near 1. */
    fresh: ([rows, columns]: readonly number[]): Values => {
      if (columns === undefined) return normal(rows!).map((x) => 1 + SIGMA * x)
      return normal(rows! * columns).map((x) => SIGMA * x * (0.5 + uniform()))
    },
    fineTune: (values: Values, step: number): Values => {
      const noise = normal(values.length)
      return values.map((x, i) => x + step * SIGMA * noise[i]!)
    },
    lora: (values: Values, name: string, step: number, rank: number): Values => {
      if (!/query|value/.test(name)) return values
      const [b, a] = [normal(WIDTH * rank), normal(WIDTH * rank)]
      return values.map((x, at) => {
        const [i, j] = [Math.floor(at / WIDTH), at % WIDTH]
        let update = 0
        for (let r = 0; r < rank; r++) update += b[i * rank + r]! * a[j * rank + r]!
        return x + ((step * SIGMA) / Math.sqrt(rank)) * update
      })
    },
    /** DARE (Yu et al. 2024): three in ten elements of each task vector are kept, and made up for. */
    dare: (base: Values, parents: readonly Values[]): Values =>
      base.map((x, i) =>
        parents.reduce((sum, parent) => sum + (uniform() < 0.3 ? (0.5 * Math.fround(parent[i]! - x)) / 0.3 : 0), x),
      ),
  }
}

function encode(values: Values, store: 'F32' | 'BF16'): Uint8Array {
  const bits = new Uint32Array(values.slice().buffer)
  if (store === 'F32') return new Uint8Array(bits.buffer)
  return new Uint8Array(Uint16Array.from(bits, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16).buffer)
}
