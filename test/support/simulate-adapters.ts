import type { HeritageModel } from '../../src-main/heritage/types.ts'
import { measure, simulator } from './simulate.ts'

/** Square matrices by the module they belong to, row-major. */
export type Attentions = ReadonlyMap<string, Float32Array>

/** Factors by module: B (width × rank) and A (rank × width). */
export type Adapter = ReadonlyMap<string, { readonly a: Float32Array; readonly b: Float32Array }>

const LAYERS = 4
const ROLES = ['attention.query', 'attention.key', 'attention.value', 'output.dense'] as const
const PARTNERS = { query: 'attention.key', key: 'attention.query', value: 'output.dense' } as const

const moduleName = (layer: number, role: string): string => `encoder.layer.${layer}.attention.${role}`

/** A source of simulated networks of attention alone, and of adapters for them. */
export function adapterSimulator(seed: number, width: number, rank: number) {
  const { gauss } = simulator(seed)
  const noise = (length: number, scale: number): Float32Array => Float32Array.from({ length }, () => scale * gauss())
  const factorA = (): Float32Array => noise(rank * width, 1)
  const adapter = (factorB: (layer: number, role: keyof typeof PARTNERS) => Float32Array): Adapter =>
    new Map(
      Array.from({ length: LAYERS }, (_, layer) =>
        (Object.keys(PARTNERS) as (keyof typeof PARTNERS)[]).map(
          (role) => [moduleName(layer, `attention.${role}`), { a: factorA(), b: factorB(layer, role) }] as const,
        ),
      ).flat(),
    )
  return {
    root: (): Attentions =>
      new Map(
        Array.from({ length: LAYERS }, (_, layer) =>
          ROLES.map((role) => [moduleName(layer, role), noise(width * width, 0.1)] as const),
        ).flat(),
      ),
    fineTune: (model: Attentions, step: number): Attentions =>
      new Map([...model].map(([name, values]) => [name, values.map((value) => value + step * 0.1 * gauss())])),
    /** Moves in any direction. */
    anyAdapter: (): Adapter => adapter(() => noise(width * rank, 0.05)),
    /** Moves as gradients do, through the partner projections of a model: those of each head by themselves. */
    adapterOf: (model: Attentions, heads = 1): Adapter =>
      adapter((layer, role) => {
        const partner = model.get(moduleName(layer, PARTNERS[role]))!
        const through = role === 'value' ? transpose(partner, width) : partner
        const moved = Array.from({ length: heads }, () => multiply(through, noise(width * rank, 0.05), width, rank))
        const ofHead = (width * rank) / heads
        return Float32Array.from({ length: width * rank }, (_, at) => moved[Math.floor(at / ofHead)]![at]!)
      }),
    /** A later checkpoint: A drifts a little, B grows and turns a little. */
    trainOn: (before: Adapter, drift = 0.1): Adapter =>
      new Map(
        [...before].map(([name, { a, b }]) => [
          name,
          { a: a.map((x) => x + drift * gauss()), b: b.map((x) => 1.2 * x + drift * 0.05 * gauss()) },
        ]),
      ),
    /** The model with the adapter added to it at some scale. */
    merge: (model: Attentions, update: Adapter, scale: number): Attentions =>
      new Map(
        [...model].map(([name, values]) => {
          const factors = update.get(name)
          if (!factors) return [name, values]
          const change = multiply(factors.b, factors.a, rank, width)
          return [name, values.map((value, i) => value + scale * change[i]!)]
        }),
      ),
    fingerprintModel: (id: string, model: Attentions): HeritageModel => ({
      id,
      tensors: [...model].map(([name, values]) => measure(`${name}.weight`, values, [width, width])),
    }),
    fingerprintAdapter: (id: string, update: Adapter, prefix = 'base_model.model.'): HeritageModel => ({
      id,
      tensors: [...update].flatMap(([name, { a, b }]) => [
        measure(`${prefix}${name}.lora_A.weight`, a, [rank, width]),
        measure(`${prefix}${name}.lora_B.weight`, b, [width, rank]),
      ]),
    }),
  }
}

function transpose(matrix: Float32Array, side: number): Float32Array {
  return matrix.map((_, at) => matrix[(at % side) * side + Math.floor(at / side)]!)
}

/** X·Y for row-major X with `inner` columns and Y with `columns`. */
function multiply(x: Float32Array, y: Float32Array, inner: number, columns: number): Float32Array {
  return Float32Array.from({ length: (x.length / inner) * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let k = 0; k < inner; k++) sum += x[i * inner + k]! * y[k * columns + j]!
    return sum
  })
}
