import { hierarchy, tree, type HierarchyPointNode } from 'd3-hierarchy'
import type { Branch, Family } from '../../../../src-main/export/forest.ts'
import { nodesOf, sized, titled, undirectedPair, rowsBlock, type Style } from './family.ts'
import { GRID, type Block, type ForestEdge, type ForestNode } from './positions.ts'
import { rim, ROUTE, tip } from './routes.ts'

/** px. `level`: from one generation to the next; `bus`: how far below a parent its line turns; `apart`: between a label and the next node. */
const TREE = { level: 68, bus: 20, apart: 20, left: 8 } as const

/** A family from the top down, each generation on a line, labels right of their nodes: the tidy tree of Reingold and Tilford. */
export function topDownBlock(family: Family, place: number, style: Style): Block {
  if (undirectedPair(family)) return rowsBlock(family, place, 'steps', style)
  const make = nodesOf(family, place, style)
  const nodes: ForestNode[] = []
  const links: { branch: Branch; from: ForestNode; to: ForestNode }[] = []
  let left = 0
  for (const branch of family.trees) {
    const placed = spread(branch, (item) => make(item, null, 0, 0).label.end)
    const leftmost = placed.descendants().reduce((least, { x }) => Math.min(least, x), Infinity)
    const byBranch = new Map<Branch, ForestNode>()
    placed.eachBefore(({ data, parent, x, depth }) => {
      const y = GRID.title + depth * TREE.level
      const node = make(data, parent?.data.model.id ?? null, left + Math.round(x - leftmost) + TREE.left, y)
      byBranch.set(data, node)
      nodes.push(node)
      const from = parent && byBranch.get(parent.data)
      if (from) links.push({ branch: data, from, to: node })
    })
    left = nodes.reduce((most, { x, label }) => Math.max(most, x + GRID.labelGap + label.end + TREE.apart), left)
  }
  const byId = new Map(nodes.map((node) => [node.model.id, node]))
  return sized(titled(family, place, style), nodes, links.flatMap((link) => routesDown(link, byId)), style)
}

/** x of every node so that no label reaches the next node of its generation. */
function spread(branch: Branch, width: (branch: Branch) => number): HierarchyPointNode<Branch> {
  const root = hierarchy<Branch>(branch, ({ children }) => [...children])
  const order = new Map<Branch, { readonly place: number; readonly room: number }>()
  root.eachBefore(({ data }) => void order.set(data, { place: order.size, room: GRID.labelGap + width(data) + TREE.apart }))
  return tree<Branch>()
    .nodeSize([1, TREE.level])
    .separation((a, b) => {
      const [first, second] = [order.get(a.data)!, order.get(b.data)!]
      return TREE.left + (first.place < second.place ? first : second).room
    })(root)
}

function routesDown(
  { branch, from, to }: { branch: Branch; from: ForestNode; to: ForestNode },
  byId: ReadonlyMap<string, ForestNode>,
): ForestEdge[] {
  const relation = branch.link
  if (!relation) return []
  const bus = from.y + TREE.bus
  const middle = (bus + to.y - ROUTE.arrow) / 2
  const end = relation.directed ? to.y - ROUTE.arrow : to.y - rim(to)
  const line = from.x === to.x ? [to.x, from.y + rim(from)] : [from.x, from.y + rim(from), from.x, bus, to.x, bus]
  const others = branch.others.flatMap((other): ForestEdge[] => {
    const parent = byId.get(other.parent)
    if (!parent) return []
    const lane = bus + ROUTE.lane * 1.5
    const beside = parent.y === from.y && parent !== from
    const pieces = beside
      ? [[parent.x, parent.y + rim(parent), parent.x, lane, to.x, lane]]
      : [[to.x - 12, to.y - 26, to.x, to.y - 14]]
    return [{ relation: other, from: parent.model.id, to: to.model.id, pieces, mark: null, arrow: null, broken: null, faint: !beside }]
  })
  return [
    {
      relation,
      from: from.model.id,
      to: to.model.id,
      pieces: [
        [...line, to.x, middle - ROUTE.mark],
        [to.x, middle + ROUTE.mark, to.x, end],
      ],
      mark: { x: to.x, y: middle },
      arrow: relation.directed ? { x: to.x, y: to.y - tip(to), turn: Math.PI / 2 } : null,
      broken: null,
      faint: false,
    },
    ...others,
  ]
}
