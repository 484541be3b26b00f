import { joinMoments, kurtosis, momentsOf, NO_VALUES } from './moments.ts'
import type { Layer, WeightSource } from './types.ts'
import { visitPairs } from './visit.ts'

/** A layer after all pairs were compared. */
export interface ComparedLayer extends Layer {
  /** By position in `members`: the first member whose matrix is equal to this one. */
  readonly equalTo: Int32Array
}

/** Sums over all layers that one set of models has. Pair tables are |members|², row by row and symmetric. */
export interface LayerGroup {
  readonly members: readonly number[]
  readonly layers: ComparedLayer[]
  /** Σ of the root mean square differences of the layers. */
  readonly differences: Float64Array
  /** Σ of the squared differences. */
  readonly squares: Float64Array
  /** The same after each matrix has been centred. */
  readonly centredSquares: Float64Array
  /** Σ of the kurtoses, of ‖x‖², and of the same after centring. */
  readonly kurtosis: Float64Array
  readonly norms: Float64Array
  readonly energies: Float64Array
}

/** Elements compared at a time, 8 MiB of float64: a longer matrix is worked through in ranges. */
const RANGE = 2 ** 20

/** Compares every pair of models in every layer that both have, reading each matrix as seldom as memory allows. */
export async function compareLayers(source: WeightSource): Promise<LayerGroup[]> {
  const groups = new Map<string, LayerGroup>()
  for (const layer of source.layers) {
    const key = layer.members.join()
    const group = groups.get(key) ?? emptyGroup(layer.members)
    groups.set(key, group)
    await compareLayer(source, layer, group)
  }
  return [...groups.values()]
}

function emptyGroup(members: readonly number[]): LayerGroup {
  const table = (): Float64Array => new Float64Array(members.length ** 2)
  const column = (): Float64Array => new Float64Array(members.length)
  return {
    members,
    layers: [],
    differences: table(),
    squares: table(),
    centredSquares: table(),
    kurtosis: column(),
    norms: column(),
    energies: column(),
  }
}

async function compareLayer(source: WeightSource, layer: Layer, group: LayerGroup): Promise<void> {
  const n = layer.members.length
  const elements = layer.rows * layer.columns
  const squares = new Float64Array(n * n)
  const moments = layer.members.map(() => NO_VALUES)
  for (let from = 0; from < elements; from += RANGE) {
    await visitPairs(source, layer, layer.members, [from, Math.min(from + RANGE, elements)], {
      model: (member, values) => (moments[member] = joinMoments(moments[member]!, momentsOf(values))),
      pair: (a, b, x, y) => (squares[a * n + b]! += squaredDistance(x, y)),
    })
  }
  const equalTo = Int32Array.from({ length: n }, (_, member) => member)
  for (let a = 0; a < n; a++) {
    const { mean, m2 } = moments[a]!
    group.kurtosis[a]! += kurtosis(moments[a]!)
    group.norms[a]! += m2 + elements * mean * mean
    group.energies[a]! += m2
    for (let b = a + 1; b < n; b++) {
      const square = squares[a * n + b]!
      if (square === 0 && equalTo[b] === b) equalTo[b] = equalTo[a]!
      addBoth(group.differences, n, a, b, Math.sqrt(square / elements))
      addBoth(group.squares, n, a, b, square)
      addBoth(group.centredSquares, n, a, b, square - elements * (mean - moments[b]!.mean) ** 2)
    }
  }
  group.layers.push({ ...layer, equalTo })
}

export function squaredDistance(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    const d = x[i]! - y[i]!
    sum += d * d
  }
  return sum
}

function addBoth(table: Float64Array, n: number, a: number, b: number, value: number): void {
  table[a * n + b]! += value
  table[b * n + a]! += value
}
