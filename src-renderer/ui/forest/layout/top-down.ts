import { hierarchy, tree } from 'd3-hierarchy'
import type { Branch, Family } from '../../../../src-main/export/forest.ts'
import { nodesOf, rowsBlock, sized, titled, undirectedPair, type Style } from './family.ts'
import { GRID, type Block, type ForestEdge, type ForestNode } from './positions.ts'
import { rim, ROUTE, stub, tip } from './routes.ts'

/**
 * px. `level`: from one generation to the next; `bus`: how far below a parent its line turns; `apart`: between a label and
 * the next node; `row` and `first`: of a stack, between its rows and from its parent to the first; `across`: from the line
 * down a stack to its nodes.
 */
const TREE = { level: 68, bus: 20, apart: 20, left: 8, row: 20, first: 40, across: 48 } as const

/** What the tidy tree places: a node, a stack of childless siblings, or room that a stack takes further down. */
interface Item {
  readonly branch: Branch | null
  readonly stack: readonly Branch[]
  /** px to the right of its place. */
  readonly room: number
  readonly children: readonly Item[]
}

interface Placed {
  readonly node: ForestNode
  readonly branch: Branch
  readonly from: ForestNode | null
  /** Where the line down a stack runs; null for a node that hangs by itself. */
  readonly stackX: number | null
}

/**
 * A family from the top down, each generation on a line, labels right of their nodes: the tidy tree of Reingold and
 * Tilford. Siblings without children stand one under the other, or a hundred of them would be as wide as a street.
 */
export function topDownBlock(family: Family, place: number, style: Style): Block {
  if (undirectedPair(family)) return rowsBlock(family, place, 'steps', style)
  const make = nodesOf(family, place, style)
  const placed: Placed[] = []
  let left = 0
  for (const branch of family.trees) {
    placed.push(...spread(branch, left, make))
    left = placed.reduce((most, { node }) => Math.max(most, node.x + GRID.labelGap + node.label.end + TREE.apart), left)
  }
  const nodes = placed.map(({ node }) => node)
  const byId = new Map(nodes.map((node) => [node.model.id, node]))
  const edges = placed.flatMap((link) => routesDown(link, byId))
  return sized(titled(family, place, style), nodes, edges, style)
}

function spread(branch: Branch, left: number, make: ReturnType<typeof nodesOf>): Placed[] {
  const root = hierarchy<Item>(
    itemOf(branch, (item) => make(item, null, 0, 0).label.end),
    ({ children }) => [...children],
  )
  const order = new Map<Item, number>()
  root.eachBefore(({ data }) => void order.set(data, order.size))
  const tidy = tree<Item>()
    .nodeSize([1, TREE.level])
    // No label may reach the next node of its generation.
    .separation(({ data: a }, { data: b }) => TREE.left + (order.get(a)! < order.get(b)! ? a : b).room)(root)
  const leftmost = tidy.descendants().reduce((least, { x }) => Math.min(least, x), Infinity)
  const placed: Placed[] = []
  const byItem = new Map<Item, ForestNode>()
  tidy.eachBefore(({ data, parent, x: centre, depth }) => {
    const x = left + Math.round(centre - leftmost) + TREE.left
    const from = (parent && byItem.get(parent.data)) ?? null
    const above = from?.model.id ?? null
    if (data.branch) {
      const node = make(data.branch, above, x, GRID.title + depth * TREE.level)
      byItem.set(data, node)
      placed.push({ node, branch: data.branch, from, stackX: null })
    }
    for (const [row, leaf] of data.stack.entries()) {
      const y = (from?.y ?? 0) + TREE.first + row * TREE.row
      placed.push({ node: make(leaf, above, x + TREE.across, y), branch: leaf, from, stackX: x })
    }
  })
  return placed
}

function itemOf(branch: Branch, width: (branch: Branch) => number): Item {
  const leaves = branch.children.filter(({ children }) => children.length === 0)
  const stack = leaves.length > 1 ? leaves : []
  const children = branch.children.filter((child) => !stack.includes(child)).map((child) => itemOf(child, width))
  const room = GRID.labelGap + width(branch) + TREE.apart
  return { branch, stack: [], room, children: stack.length > 0 ? [...children, stackOf(stack, width)] : children }
}

function stackOf(stack: readonly Branch[], width: (branch: Branch) => number): Item {
  const widest = stack.reduce((most, leaf) => Math.max(most, width(leaf)), 0)
  const room = TREE.across + GRID.labelGap + widest + TREE.apart
  const levels = Math.ceil((TREE.first + stack.length * TREE.row) / TREE.level)
  let below: Item[] = []
  for (let level = 1; level < levels; level++) below = [{ branch: null, stack: [], room, children: below }]
  return { branch: null, stack, room, children: below }
}

function routesDown({ branch, from, node: to, stackX }: Placed, byId: ReadonlyMap<string, ForestNode>): ForestEdge[] {
  const relation = branch.link
  if (!relation || !from) return []
  const start = from.y + rim(from)
  const bus = from.y + TREE.bus
  const ends = { from: from.model.id, to: to.model.id }
  const others = branch.others.flatMap((other): ForestEdge[] => {
    const parent = byId.get(other.parent)
    if (!parent) return []
    const lane = bus + ROUTE.lane * 1.5
    const beside = stackX === null && parent.y === from.y && parent !== from
    const line = beside ? [parent.x, parent.y + rim(parent), parent.x, lane, to.x, lane] : stub(to)
    const plain = { pieces: [line], mark: null, arrow: null, broken: null, faint: !beside }
    return [{ ...ends, from: parent.model.id, relation: other, ...plain }]
  })
  const base = { ...ends, relation, broken: null, faint: false }
  if (stackX === null) {
    const middle = (bus + to.y - ROUTE.arrow) / 2
    const end = relation.directed ? to.y - tip(to) - ROUTE.head : to.y - rim(to)
    const turn = from.x === to.x ? [to.x, start] : [from.x, start, from.x, bus, to.x, bus]
    const pieces = [
      [...turn, to.x, middle - ROUTE.mark],
      [to.x, middle + ROUTE.mark, to.x, end],
    ]
    const arrow = relation.directed ? { x: to.x, y: to.y - tip(to), turn: Math.PI / 2 } : null
    return [{ ...base, pieces, mark: { x: to.x, y: middle }, arrow }, ...others]
  }
  const middle = (stackX + ROUTE.corner + to.x - ROUTE.arrow) / 2
  const end = relation.directed ? to.x - tip(to) - ROUTE.head : to.x - rim(to)
  const turn = stackX === from.x ? [from.x, start] : [from.x, start, from.x, bus, stackX, bus]
  const pieces = [
    [...turn, stackX, to.y, middle - ROUTE.mark, to.y],
    [middle + ROUTE.mark, to.y, end, to.y],
  ]
  const arrow = relation.directed ? { x: to.x - tip(to), y: to.y, turn: 0 } : null
  return [{ ...base, pieces, mark: { x: middle, y: to.y }, arrow }, ...others]
}
