import type { ForestNode, Sheet } from './layout/positions.ts'

export type Move = 'up' | 'down' | 'parent' | 'child' | 'first' | 'last'

const MOVES: Readonly<Record<string, Move>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'parent',
  ArrowRight: 'child',
  Home: 'first',
  End: 'last',
}

export function moveOf(key: string): Move | null {
  return MOVES[key] ?? null
}

/** The node that a key leads to from another; the same one where there is none. */
export function moveFrom({ nodes, byId }: Sheet, id: string, move: Move): string {
  const node = byId.get(id)
  const place = nodes.findIndex(({ model }) => model.id === id)
  const at = (index: number): string => nodes[Math.min(nodes.length - 1, Math.max(0, index))]?.model.id ?? id
  if (move === 'first') return at(0)
  if (move === 'last') return at(nodes.length - 1)
  if (move === 'up') return at(place - 1)
  if (move === 'down') return at(place + 1)
  if (move === 'parent') return node?.parent ?? id
  return nodes.find(({ parent }) => parent === id)?.model.id ?? id
}

/** The next node, from `id` on and round, whose name (or its last part) begins with what was typed. */
export function typeAhead({ nodes }: Sheet, id: string, typed: string): string {
  const begins = ({ model, label }: ForestNode): boolean =>
    [label.name, model.path.split('/').at(-1) ?? ''].some((name) => name.toLowerCase().startsWith(typed.toLowerCase()))
  const place = Math.max(
    0,
    nodes.findIndex(({ model }) => model.id === id),
  )
  // A first letter looks further on; the letters after it may stay.
  const from = place + (typed.length === 1 ? 1 : 0)
  return [...nodes.slice(from), ...nodes.slice(0, from)].find(begins)?.model.id ?? id
}

/** The nodes between two, both included, in the order of the rows. */
export function between({ nodes }: Sheet, a: string, b: string): readonly string[] {
  const [first, second] = [a, b].map((id) => nodes.findIndex(({ model }) => model.id === id))
  if (first === undefined || second === undefined || first < 0 || second < 0) return [b]
  const ids = nodes.slice(Math.min(first, second), Math.max(first, second) + 1).map(({ model }) => model.id)
  return first <= second ? ids : ids.toReversed()
}

/** A node and everything that descends from it, also what is folded away. */
export function descendants({ nodes }: Sheet, id: string): readonly string[] {
  const children = Map.groupBy(nodes, ({ parent }) => parent)
  const found: string[] = []
  const queue = nodes.filter(({ model }) => model.id === id)
  for (let node = queue.pop(); node; node = queue.pop()) {
    found.push(...node.members, ...node.hidden)
    queue.push(...(children.get(node.model.id) ?? []))
  }
  return found
}
