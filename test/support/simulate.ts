import { createHash } from 'node:crypto'
import { referenceKernels } from '../../src-main/fingerprint/kernels/reference.ts'
import { createMeasurer } from '../../src-main/fingerprint/measure.ts'
import type { TensorFingerprint } from '../../src-main/fingerprint/types.ts'
import { gaussian, seededRandom } from '../../src-main/heritage/tree/random.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'

/** Weights by tensor name. */
export type Weights = Map<string, Float32Array>
export type Shapes = ReadonlyMap<string, readonly number[]>
export type Store = 'F32' | 'F16' | 'BF16'

const WIDTH = 48
const LAYERS = 3

/** A small transformer: two square matrices, one wide one and a norm in each layer, an embedding and a head. */
export function transformer(width: number, layers: number): Shapes {
  return new Map([
    ['embed.weight', [80, width]],
    ...Array.from({ length: layers }, (_, layer): [string, number[]][] => [
      [`layers.${layer}.query.weight`, [width, width]],
      [`layers.${layer}.value.weight`, [width, width]],
      [`layers.${layer}.mlp.weight`, [2 * width, width]],
      [`layers.${layer}.norm.weight`, [width]],
    ]).flat(),
    ['head.weight', [5, width]],
  ])
}

const SHAPES = transformer(WIDTH, LAYERS)

/** A source of simulated models; the same seed gives the same models. */
export function simulator(seed: number, shapes = SHAPES) {
  const uniform = seededRandom(seed)
  const gauss = gaussian(uniform)
  const [headRows = 0, width = 0] = shapes.get('head.weight')!
  const headLength = headRows * width
  const freshHead = (): Float32Array => Float32Array.from({ length: headLength }, () => 0.05 * gauss())
  return {
    uniform,
    gauss,
    /** Trained weights have heavier tails than a Gaussian; norms sit near 1. */
    root: (): Weights =>
      new Map(
        [...shapes].map(([name, shape]) => {
          const length = shape.reduce((product, size) => product * size, 1)
          const norm = name.includes('norm')
          return [
            name,
            Float32Array.from({ length }, () => (norm ? 1 + 0.1 * gauss() : 0.1 * gauss() * (0.5 + uniform()))),
          ]
        }),
      ),
    /** Nothing at all: what is added to it is noise. */
    zero: (): Weights =>
      new Map(
        [...shapes].map(([name, shape]) => [
          name,
          new Float32Array(shape.reduce((product, size) => product * size, 1)),
        ]),
      ),
    /** Full fine-tune: every tensor moves by `step` times its typical size; the head is made anew. */
    fineTune: (weights: Weights, step: number): Weights =>
      mapTensors(weights, (name, values) =>
        name.startsWith('head')
          ? freshHead()
          : values.map((value) => value + step * (name.includes('norm') ? 0.01 : 0.1) * gauss()),
      ),
    /** Merged LoRA of the given rank on query and value. */
    lora: (weights: Weights, rank: number, step: number): Weights =>
      mapTensors(weights, (name, values) => {
        if (name.startsWith('head')) return freshHead()
        if (!/query|value/.test(name)) return values
        const b = Float64Array.from({ length: width * rank }, gauss)
        const a = Float64Array.from({ length: width * rank }, gauss)
        return values.map((value, at) => {
          const [i, j] = [Math.floor(at / width), at % width]
          let update = 0
          for (let r = 0; r < rank; r++) update += b[i * rank + r]! * a[j * rank + r]!
          return value + ((step * 0.1) / Math.sqrt(rank)) * update
        })
      }),
  }
}

/** A parent of a merge with its weight. */
export type Weighted = readonly [Weights, number]

/** The base and a share of the way to each parent. */
export function taskArithmetic(base: Weights, parents: readonly Weighted[]): Weights {
  return mapTensors(base, (name, origin) =>
    origin.map((value, i) =>
      parents.reduce((sum, [parent, weight]) => sum + weight * (parent.get(name)![i]! - value), value),
    ),
  )
}

/** DARE (Yu et al. 2024): keeps a random `density` of each task vector, makes up for the rest, and adds them to the base. */
export function dare(base: Weights, parents: readonly Weighted[], density: number, seed: number): Weights {
  const uniform = seededRandom(seed)
  return mapTensors(base, (name, origin) => {
    const sum = new Float32Array(origin.length)
    for (const [parent, weight] of parents) {
      const vector = taskVector(origin, parent.get(name)!)
      vector.forEach((value, i) => (sum[i]! += uniform() < density ? Math.fround(value / density) * weight : 0))
    }
    return origin.map((value, i) => value + sum[i]!)
  })
}

/**
 * TIES (Yadav et al. 2023): trims each task vector to its largest `density`, elects the sign with the larger sum, and adds
 * the weighted mean of the values that have it.
 */
export function ties(base: Weights, parents: readonly Weighted[], density: number, scale = 1): Weights {
  return mapTensors(base, (name, origin) => {
    const vectors = parents.map(([parent]) => trim(taskVector(origin, parent.get(name)!), density))
    return origin.map((value, i) => {
      const elected = Math.sign(parents.reduce((sum, [, weight], p) => sum + weight * vectors[p]![i]!, 0))
      const agreeing = parents.flatMap(([, weight], p) =>
        elected !== 0 && Math.sign(vectors[p]![i]!) === elected ? [[vectors[p]![i]!, weight] as const] : [],
      )
      const total = agreeing.reduce((sum, [, weight]) => sum + weight, 0)
      return value + (total === 0 ? 0 : (scale * agreeing.reduce((sum, [d, weight]) => sum + d * weight, 0)) / total)
    })
  })
}

/** The matrices as symmetric codes up to ±levels with one step for each group of consecutive elements, stored dequantized. */
export function quantize(weights: Weights, levels: number, group: number): Weights {
  return mapTensors(weights, (name, values) => {
    if (name.includes('norm')) return values
    const result = values.slice()
    for (let start = 0; start < values.length; start += group) {
      const part = values.subarray(start, start + group)
      const step = part.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / levels
      for (let i = 0; i < part.length; i++) result[start + i] = Math.round(part[i]! / step) * step
    }
    return result
  })
}

/** The smaller half of each matrix set to zero. */
export function prune(weights: Weights): Weights {
  return mapTensors(weights, (name, values) => (name.includes('norm') ? values : withoutSmall(values)))
}

/** The smaller half set to zero. */
export function withoutSmall(values: Float32Array): Float32Array {
  const limit = values.map(Math.abs).sort()[values.length >> 1]!
  return values.map((value) => (Math.abs(value) < limit ? 0 : value))
}

function taskVector(base: Float32Array, parent: Float32Array): Float32Array {
  return parent.map((value, i) => value - base[i]!)
}

function trim(vector: Float32Array, density: number): Float32Array {
  const limit = vector.map(Math.abs).sort()[Math.floor((1 - density) * vector.length)]!
  return vector.map((value) => (Math.abs(value) < limit ? 0 : value))
}

export function mapTensors(weights: Weights, alter: (name: string, values: Float32Array) => Float32Array): Weights {
  return new Map([...weights].map(([name, values]) => [name, alter(name, values)]))
}

const measurer = createMeasurer(referenceKernels(), () => createHash('sha256'))

/** Fingerprints a simulated model as a scan would, in the given store. */
export function fingerprint(
  id: string,
  weights: Weights,
  store: Store = 'F32',
  rename = (name: string) => name,
  shapes = SHAPES,
): HeritageModel {
  return { id, tensors: [...weights].map(([name, values]) => measure(rename(name), values, shapes.get(name)!, store)) }
}

/** Fingerprints one tensor. */
export function measure(
  name: string,
  values: Float32Array,
  shape: readonly number[],
  store: Store = 'F32',
): TensorFingerprint {
  const bytes = encode(values, store)
  measurer.begin(store, shape)
  for (let at = 0, buffer = measurer.nextBuffer(); buffer.length > 0; buffer = measurer.nextBuffer()) {
    buffer.set(bytes.subarray(at, at + buffer.length))
    at += buffer.length
    measurer.absorb()
  }
  return { name, block: -1, dtype: store, shape, ...measurer.finish() }
}

/** What the weights are after they were stored and loaded again. */
export function throughStore(weights: Weights, store: Store): Weights {
  return new Map([...weights].map(([name, values]) => [name, decode(encode(values, store), store)]))
}

function encode(values: Float32Array, store: Store): Uint8Array {
  if (store === 'F32') return new Uint8Array(values.slice().buffer)
  if (store === 'F16') return new Uint8Array(new Float16Array(values).buffer)
  const bits = new Uint32Array(values.slice().buffer)
  return new Uint8Array(Uint16Array.from(bits, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16).buffer)
}

function decode(bytes: Uint8Array, store: Store): Float32Array {
  if (store === 'F32') return new Float32Array(bytes.slice().buffer)
  if (store === 'F16') return Float32Array.from(new Float16Array(bytes.slice().buffer))
  return new Float32Array(Uint32Array.from(new Uint16Array(bytes.slice().buffer), (word) => word << 16).buffer)
}
