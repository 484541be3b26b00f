import type { Family } from '../../../../src-main/export/forest.ts'
import { headWidth, rowsBlock, undirectedPair, type Style } from './family.ts'
import { moved } from './move.ts'
import { GRID, type Block, type ForestEdge, type ForestNode, type Point, type Polyline } from './positions.ts'

/** px. `room`: along the circle for each node; `hole`: smallest radius of the circle on which the root stands. */
const CIRCLE = { room: 18, hole: 24 } as const

/** Radians between two points of an arc. */
const ARC_STEP = 0.06

/** From rows to the circle: x is the distance from its middle, y a direction. */
interface Bend {
  readonly radius: (x: number) => number
  readonly angle: (y: number) => number
}

/**
 * The rows of a family bent round a circle: what is right of something is outside of it, each row a direction of its own.
 * What holds in rows (lines pass no label, labels lie apart) holds here too, as every row is given the angle that its
 * node needs at its distance.
 */
export function radialBlock(family: Family, place: number, style: Style): Block {
  const rows = rowsBlock(family, place, 'steps', style)
  if (undirectedPair(family)) return rows
  const bend = bendOf(rows.nodes)
  const nodes = rows.nodes.map((node) => bentNode(node, bend))
  const edges = rows.edges.map((edge) => bentEdge(edge, bend))
  const [left, top, right, bottom] = boundsOf(nodes)
  const [dx, dy] = [Math.ceil(-left), Math.ceil(GRID.title - 8 - top)]
  const width = Math.ceil(Math.max(right + dx, headWidth(rows, style)))
  return moved({ ...rows, nodes, edges, width, height: Math.ceil(bottom + dy + GRID.below) }, dx, dy)
}

function bendOf(nodes: readonly ForestNode[]): Bend {
  const needed = (hole: number): number => nodes.reduce((sum, { x }) => sum + CIRCLE.room / (hole + x), 0)
  let low: number = CIRCLE.hole
  let high = low + (nodes.length * CIRCLE.room) / Math.PI
  while (high - low > 0.5) {
    const middle = (low + high) / 2
    if (needed(middle) > 2 * Math.PI) low = middle
    else high = middle
  }
  const scale = (2 * Math.PI) / needed(high)
  let angle = -Math.PI / 2
  const angles = nodes.map(({ x }) => {
    const wide = (scale * CIRCLE.room) / (high + x)
    angle += wide
    return angle - wide / 2
  })
  const first = nodes[0]?.y ?? 0
  const step = (nodes[1]?.y ?? first + 1) - first
  return {
    radius: (x) => high + x,
    angle: (y) => {
      const row = Math.min(nodes.length - 1, Math.max(0, (y - first) / step))
      const [below, above] = [angles[Math.floor(row)] ?? 0, angles[Math.ceil(row)] ?? 0]
      return below + (above - below) * (row - Math.floor(row))
    },
  }
}

function bent({ x, y }: Point, { radius, angle }: Bend): Point {
  return { x: radius(x) * Math.cos(angle(y)), y: radius(x) * Math.sin(angle(y)) }
}

function bentNode(node: ForestNode, bend: Bend): ForestNode {
  return { ...node, ...bent(node, bend), turn: bend.angle(node.y) }
}

function bentEdge(edge: ForestEdge, bend: Bend): ForestEdge {
  const turned = <T extends Point>(point: T | null): (T & { turn: number }) | null =>
    point && { ...point, ...bent(point, bend), turn: bend.angle(point.y) }
  return {
    ...edge,
    pieces: edge.pieces.map((piece) => bentLine(piece, bend)),
    mark: edge.mark && bent(edge.mark, bend),
    arrow: turned(edge.arrow),
    broken: turned(edge.broken),
  }
}

function bentLine(line: Polyline, bend: Bend): Polyline {
  const points: number[] = []
  for (let index = 0; index < line.length; index += 2) {
    const [x, y] = [line[index]!, line[index + 1]!]
    const [fromX, fromY] = index === 0 ? [x, y] : [line[index - 2]!, line[index - 1]!]
    const steps = Math.max(1, Math.ceil(Math.abs(bend.angle(y) - bend.angle(fromY)) / ARC_STEP))
    for (let step = index === 0 ? steps : 1; step <= steps; step++) {
      const share = step / steps
      const point = bent({ x: fromX + (x - fromX) * share, y: fromY + (y - fromY) * share }, bend)
      points.push(point.x, point.y)
    }
  }
  return points
}

/** Left, top, right and bottom of the nodes with their labels. */
function boundsOf(nodes: readonly ForestNode[]): readonly [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y, turn, label } of nodes) {
    const reach = GRID.labelGap + label.end
    const [endX, endY] = [x + reach * Math.cos(turn), y + reach * Math.sin(turn)]
    left = Math.min(left, x - 8, endX - 8)
    top = Math.min(top, y - 8, endY - 8)
    right = Math.max(right, x + 8, endX + 8)
    bottom = Math.max(bottom, y + 8, endY + 8)
  }
  return [left, top, right, bottom]
}
