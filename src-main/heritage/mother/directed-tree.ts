/**
 * Minimum directed spanning tree (Chu-Liu 1965, Edmonds 1967) over every possible root, in the path-growing form of
 * Tarjan (1977) and Gabow et al. (1986): O(n²) for a dense matrix.
 *
 * @param costs n × n, row by row: costs[parent * n + child]; infinite where there is no edge
 * @returns parent of each node, -1 for a root; there are several roots only where the finite edges reach no single tree
 */
export function minimumDirectedTree(costs: ArrayLike<number>, n: number): Int32Array {
  if (n === 0) return new Int32Array(0)
  const outside = n
  // Entering from outside costs more than any tree, so that it is done as seldom as possible.
  const entry = 1 + 2 * sumOfFinite(costs)
  const growing: Component[] = Array.from({ length: n }, (_, node) => ({
    incoming: Float64Array.from({ length: n + 1 }, (_, from) => (from === outside ? entry : costs[from * n + node]!)),
    heads: new Int32Array(n + 1).fill(node),
    chosen: outside,
    head: node,
    within: -1,
  }))
  const outermost = Int32Array.from({ length: n + 1 }, (_, node) => node)
  /** By component: not seen, on the path that is being grown, or joined to the outside. */
  const state: ('new' | 'path' | 'done')[] = Array.from({ length: n }, () => 'new')
  for (let start = 0; start < n; start++) {
    const path: number[] = []
    let tip = outermost[start]!
    while (state[tip] !== 'done') {
      path.push(tip)
      state[tip] = 'path'
      const from = cheapestSource(growing[tip]!, outermost, tip)
      growing[tip]!.chosen = from
      growing[tip]!.head = growing[tip]!.heads[from]!
      const next = outermost[from]!
      if (from === outside || state[next] === 'done') {
        for (const part of path) state[part] = 'done'
        break
      }
      tip = next
      if (state[tip] !== 'path') continue
      const cycle = path.splice(path.indexOf(tip))
      tip = contract(growing, cycle, outermost)
      state.push('new')
    }
  }
  return expand(growing, n)
}

/** A node, or a cycle of components that was contracted into one. */
interface Component {
  /** Cheapest cost of an edge into this component by the node where it starts, less what was paid inside. */
  readonly incoming: Float64Array
  /** The node in this component where that edge ends. */
  readonly heads: Int32Array
  /** Both ends of the edge by which the tree enters. */
  chosen: number
  head: number
  /** The component that this one was contracted into, or -1. */
  within: number
}

function cheapestSource({ incoming }: Component, outermost: Int32Array, self: number): number {
  let best = incoming.length - 1
  for (let from = 0; from < incoming.length - 1; from++) {
    if (outermost[from] !== self && incoming[from]! < incoming[best]!) best = from
  }
  return best
}

/** Puts a component in the place of a cycle and returns its number. */
function contract(growing: Component[], cycle: readonly number[], outermost: Int32Array): number {
  const size = outermost.length
  const whole: Component = {
    incoming: new Float64Array(size).fill(Infinity),
    heads: new Int32Array(size),
    chosen: -1,
    head: -1,
    within: -1,
  }
  const number = growing.push(whole) - 1
  for (const index of cycle) {
    const part = growing[index]!
    const paid = part.incoming[part.chosen]!
    part.within = number
    for (let from = 0; from < size; from++) {
      const cost = part.incoming[from]! - paid
      if (cost >= whole.incoming[from]!) continue
      whole.incoming[from] = cost
      whole.heads[from] = part.heads[from]!
    }
  }
  const parts = new Set(cycle)
  for (let node = 0; node < size - 1; node++) if (parts.has(outermost[node]!)) outermost[node] = number
  return number
}

/** Opens the contracted cycles, outermost first: the edge that enters one replaces the cycle's own edge at its head. */
function expand(growing: readonly Component[], n: number): Int32Array {
  for (let number = growing.length - 1; number >= n; number--) {
    const { chosen, head } = growing[number]!
    let part = growing[head]!
    while (part.within !== number) part = growing[part.within]!
    part.chosen = chosen
    part.head = head
  }
  return Int32Array.from({ length: n }, (_, node) => (growing[node]!.chosen === n ? -1 : growing[node]!.chosen))
}

function sumOfFinite(costs: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < costs.length; i++) if (Number.isFinite(costs[i])) sum += Math.abs(costs[i]!)
  return sum
}
