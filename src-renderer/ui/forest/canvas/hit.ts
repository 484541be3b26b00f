import {
  GRID,
  type ForestEdge,
  type ForestNode,
  type Point,
  type PlacedBlock,
  type Sheet,
} from '../layout/positions.ts'
import { meets, type Bounds } from './bounds.ts'

export type Hit =
  | { readonly kind: 'node'; readonly node: ForestNode }
  | { readonly kind: 'edge'; readonly edge: ForestEdge }
  | { readonly kind: 'title'; readonly block: PlacedBlock }

/** px around a node or label, and beside a line. */
const NEAR_NODE = 8
const NEAR_LINE = 5

/** What lies at a point of the sheet: a node with its label, else a line, else the title of a family. */
export function hitAt(sheet: Sheet, bounds: Bounds, point: Point): Hit | null {
  const spot = [point.x, point.y, point.x, point.y] as const
  const node = sheet.nodes.find((node, index) => meets(bounds.nodes[index]!, spot) && onNode(node, point))
  if (node) return { kind: 'node', node }
  const edge = nearest(
    sheet.edges.filter((_, index) => meets(bounds.edges[index]!, spot)),
    point,
  )
  if (edge) return { kind: 'edge', edge }
  const block = sheet.blocks.find(
    ({ x, y, width, id }) => id !== null && point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + 22,
  )
  return block ? { kind: 'title', block } : null
}

function onNode({ x, y, turn, label }: ForestNode, point: Point): boolean {
  const [dx, dy] = [point.x - x, point.y - y]
  const along = dx * Math.cos(turn) + dy * Math.sin(turn)
  const across = dy * Math.cos(turn) - dx * Math.sin(turn)
  return Math.abs(across) <= NEAR_NODE && along >= -NEAR_NODE && along <= GRID.labelGap + label.end + 2
}

function nearest(edges: readonly ForestEdge[], point: Point): ForestEdge | null {
  let best: ForestEdge | null = null
  let least: number = NEAR_LINE
  for (const edge of edges) {
    const marked = edge.mark ? Math.hypot(edge.mark.x - point.x, edge.mark.y - point.y) - 6 : Infinity
    const distance = Math.min(marked, ...edge.pieces.map((piece) => distanceTo(piece, point)))
    if (distance > least) continue
    least = distance
    best = edge
  }
  return best
}

function distanceTo(line: readonly number[], { x, y }: Point): number {
  let least = Infinity
  for (let index = 2; index < line.length; index += 2) {
    const [ax, ay, bx, by] = [line[index - 2]!, line[index - 1]!, line[index]!, line[index + 1]!]
    const [dx, dy] = [bx - ax, by - ay]
    const length = dx * dx + dy * dy
    const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
    least = Math.min(least, Math.hypot(ax + share * dx - x, ay + share * dy - y))
  }
  return least
}
