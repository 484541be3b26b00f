import { gaussian, seededRandom } from '../../src-main/heritage/tree/random.ts'
import type { HeritageModel } from '../../src-main/heritage/types.ts'
import { fingerprint, mapTensors, throughStore, transformer, type Store, type Weights } from './simulate.ts'

/** A family whose tree is known: models in an order that says nothing, links as positions among them. */
export interface SimulatedFamily {
  readonly models: readonly HeritageModel[]
  readonly links: readonly { readonly parent: number; readonly child: number }[]
  /** What was drawn, to see where a method is weak. */
  readonly conditions: Conditions
}

/** How one family was trained. Sizes of updates and of decay are relative to the norm of the root, tensor by tensor. */
export interface Conditions {
  readonly shape: 'star' | 'chain' | 'mixed'
  readonly members: number
  readonly width: number
  readonly layers: number
  /** Excess kurtosis of the root: above 0, 0 or below 0. */
  readonly root: 'heavy' | 'gaussian' | 'uniform'
  readonly store: Store
  /** Median size of an update, and the factor by which sizes spread about it. */
  readonly step: number
  readonly spread: number
  /** The same from tensor to tensor within one update, as the standard deviation of the logarithm. */
  readonly unevenness: number
  readonly lowRank: number
  /** Weight decay: part of the weights lost in an update, in units of its squared size (both grow with the steps taken). */
  readonly decay: number
  /** Cosine of the updates of siblings. */
  readonly drift: number
  /** Cosine of an update with the one before it: above 0 where a run goes on, below 0 where noise is taken back. */
  readonly momentum: number
  /** Cosine of an update with the weights that it changes, in size: it differs from tensor to tensor. */
  readonly along: number
  /** Whether large weights move more than small ones. */
  readonly proportional: boolean
}

/** Draws the conditions of a family: easy ones and hard ones, as they are among published models. */
function drawConditions(uniform: () => number, gauss: () => number): Conditions {
  const pick = <T>(...options: readonly T[]): T => options[Math.floor(uniform() * options.length)]!
  const sometimes = (chance: number, value: () => number): number => (uniform() < chance ? value() : 0)
  return {
    shape: pick('star', 'chain', 'mixed', 'mixed'),
    members: 3 + Math.floor(uniform() * 8),
    width: pick(24, 48, 80),
    layers: pick(1, 2, 4, 6),
    root: pick('heavy', 'heavy', 'heavy', 'heavy', 'heavy', 'gaussian', 'uniform', 'uniform'),
    store: pick<Store>('F32', 'F32', 'F16', 'BF16'),
    step: 10 ** (-2.2 + 2 * uniform()),
    spread: pick(1.5, 3, 10),
    unevenness: pick(0.1, 0.3, 0.6),
    lowRank: pick(0, 0, 0.5, 1),
    decay: sometimes(0.4, () => 10 ** (-1.5 + 2.2 * uniform())),
    drift: sometimes(0.6, () => 0.8 * uniform() ** 2),
    momentum: sometimes(0.6, () => 0.15 * gauss()),
    along: sometimes(0.6, () => 10 ** (-3 + 1.7 * uniform())),
    proportional: uniform() < 0.15,
  }
}

/** One simulated family; the same seed gives the same one. */
export function simulateFamily(seed: number, fixed: Partial<Conditions> = {}): SimulatedFamily {
  // Neighbouring seeds of the generator begin alike.
  const uniform = seededRandom(Math.imul(seed + 1, 0x9e3779b1))
  for (let i = 0; i < 16; i++) uniform()
  const gauss = gaussian(uniform)
  const conditions = { ...drawConditions(uniform, gauss), ...fixed }
  const parents = drawTree(conditions, uniform)
  const family = train(conditions, parents, uniform, gauss)
  const order = shuffled(parents.length, uniform)
  const place = (node: number): number => order.indexOf(node)
  const shapes = transformer(conditions.width, conditions.layers)
  return {
    models: order.map((node, i) => fingerprint(`m${i}`, family[node]!, conditions.store, undefined, shapes)),
    links: parents.flatMap((parent, child) => (parent < 0 ? [] : [{ parent: place(parent), child: place(child) }])),
    conditions,
  }
}

/** Parent of each model, -1 for the first. */
function drawTree({ shape, members }: Conditions, uniform: () => number): number[] {
  return Array.from({ length: members }, (_, node) => {
    if (node === 0) return -1
    return shape === 'star' ? 0 : shape === 'chain' ? node - 1 : Math.floor(uniform() * node)
  })
}

/** The weights of all models, each trained from its parent. */
function train(
  conditions: Conditions,
  parents: readonly number[],
  uniform: () => number,
  gauss: () => number,
): Weights[] {
  const { width, layers, store, step, spread, lowRank, drift, momentum, along } = conditions
  const shapes = transformer(width, layers)
  const direction = (rank: number | null, near?: Weights): Weights =>
    new Map(
      [...shapes].map(([name, [rows, columns = 1]]) => {
        const low = rank !== null && columns > 1
        // A low-rank adapter leaves all else as it is.
        const untouched = rank !== null && !/query|value/.test(name)
        const values = untouched
          ? new Float32Array(rows! * columns)
          : low
            ? product(rows!, columns, rank, gauss)
            : Float32Array.from({ length: rows! * columns }, gauss)
        const scale = near?.get(name)
        return [name, normalised(scale ? values.map((value, i) => value * Math.abs(scale[i]!)) : values)]
      }),
    )
  const first = drawRoot(conditions, uniform, gauss)
  // Some tensors move more than others in all updates, and each update adds to that.
  const habits = new Map([...first.keys()].map((name) => [name, Math.exp(conditions.unevenness * gauss())]))
  const alongHabits = new Map([...first.keys()].map((name) => [name, along * gauss()]))
  const norms = new Map([...first].map(([name, values]) => [name, norm(values)]))
  const weights: Weights[] = [throughStore(first, store)]
  const updates: Weights[] = [direction(null)]
  const drifts = new Map<number, Weights>()
  for (const [node, parent] of parents.entries()) {
    if (parent < 0) continue
    const from = weights[parent]!
    const rank = uniform() < lowRank ? 1 + Math.floor(uniform() * 4) : null
    if (!drifts.has(parent)) drifts.set(parent, direction(rank))
    const own = direction(rank, conditions.proportional && rank === null ? from : undefined)
    const common = Math.sqrt(drift)
    const rest = Math.sqrt(Math.max(0, 1 - drift - momentum ** 2))
    const update = mapTensors(own, (name, values) => {
      // What a low-rank update has in common with others is of low rank too, so only full ones share a course.
      const [shared, before, size] = [
        drifts.get(parent)!.get(name)!,
        updates[parent]!.get(name)!,
        norm(from.get(name)!),
      ]
      if (rank !== null) return values
      return values.map(
        (value, i) =>
          rest * value +
          common * shared[i]! +
          momentum * before[i]! +
          (alongHabits.get(name)! * from.get(name)![i]!) / size,
      )
    })
    const size = step * spread ** (2 * uniform() - 1)
    const trained = mapTensors(from, (name, values) => {
      if (name.startsWith('head')) return freshHead(values.length, gauss)
      const amount =
        size *
        norms.get(name)! *
        habits.get(name)! *
        Math.exp((conditions.unevenness / 2) * gauss()) *
        (name.includes('norm') ? 0.1 : 1)
      const kept = rank === null ? 1 - Math.min(0.5, conditions.decay * size * size) : 1
      return values.map((value, i) => kept * value + amount * update.get(name)![i]!)
    })
    weights[node] = throughStore(trained, store)
    updates[node] = update
  }
  return weights
}

function drawRoot({ width, layers, root }: Conditions, uniform: () => number, gauss: () => number): Weights {
  const draw: () => number = {
    heavy: () => gauss() * (0.4 + 1.2 * uniform()),
    gaussian: gauss,
    uniform: () => Math.sqrt(12) * (uniform() - 0.5),
  }[root]
  return new Map(
    [...transformer(width, layers)].map(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1)
      return [name, Float32Array.from({ length }, () => (name.includes('norm') ? 1 + 0.1 * gauss() : 0.1 * draw()))]
    }),
  )
}

function freshHead(length: number, gauss: () => number): Float32Array {
  return Float32Array.from({ length }, () => 0.05 * gauss())
}

/** A random matrix of the given rank, row-major. */
function product(rows: number, columns: number, rank: number, gauss: () => number): Float32Array {
  const b = Float64Array.from({ length: rows * rank }, gauss)
  const a = Float64Array.from({ length: columns * rank }, gauss)
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let r = 0; r < rank; r++) sum += b[i * rank + r]! * a[j * rank + r]!
    return sum
  })
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}

function normalised(values: Float32Array): Float32Array {
  const length = norm(values)
  return length === 0 ? values : values.map((value) => value / length)
}

function shuffled(count: number, uniform: () => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
