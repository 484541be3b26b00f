import type { PlacedEdge } from '../../../../src-main/export/svg/positions.ts'
import { GRID, type ForestEdge, type ForestNode, type Point, type Polyline } from './positions.ts'

/** px. `rim`: from the centre of a node to where its lines end; `arrow`: room for an arrow, `head` long, its `tip` before the node; `mark`: half the gap in a line for the mark. */
export const ROUTE = {
  corner: 6,
  rim: 5,
  arrow: 12,
  head: 7,
  tip: 6,
  mark: 8,
  bracketMark: 6.5,
  meeting: 26,
  lane: 4,
} as const

/** A line between two rows: down (or up) from the parent and across to the child. */
export function routeAcross(edge: PlacedEdge, from: ForestNode, to: ForestNode): ForestEdge {
  const base = {
    relation: edge.relation,
    from: from.model.id,
    to: to.model.id,
    mark: null,
    arrow: null,
    broken: null,
    faint: false,
  }
  if (edge.path === 'bracket') return { ...base, ...bracket(from, to) }
  if (edge.path === 'stub') {
    return { ...base, faint: true, pieces: [stub(to)] }
  }
  const down = Math.sign(to.y - from.y) || 1
  const startY = from.y + down * rim(from)
  const end = edge.relation.directed ? to.x - tip(to) - ROUTE.head : to.x - rim(to)
  const arrow = edge.relation.directed ? { x: to.x - tip(to), y: to.y, turn: 0 } : null
  if (edge.merged) {
    const level = to.y - down * ROUTE.lane
    const meet = to.x - ROUTE.meeting
    const line = [from.x, startY, from.x, level, meet - 7, level, meet, to.y]
    const last = edge.path === 'join' ? [] : [[meet, to.y, end, to.y]]
    return { ...base, pieces: [line, ...last], arrow: edge.path === 'join' ? null : arrow }
  }
  const middle = (from.x + ROUTE.corner + to.x - ROUTE.arrow) / 2
  return {
    ...base,
    pieces: [
      [from.x, startY, from.x, to.y, middle - ROUTE.mark, to.y],
      [middle + ROUTE.mark, to.y, end, to.y],
    ],
    mark: { x: middle, y: to.y },
    arrow,
    broken: edge.shortened ? { x: from.x + (to.x - from.x) * 0.78, y: to.y, turn: 0 } : null,
  }
}

/** The end of a line from a parent that stands elsewhere; the label names it. */
export function stub(to: ForestNode): Polyline {
  return [to.x - 15, to.y - 8, to.x - 8, to.y - 3]
}

/** Two models one under the other, neither in front. */
function bracket(from: ForestNode, to: ForestNode): { pieces: readonly Polyline[]; mark: Point } {
  const left = from.x - GRID.bracket
  const mark = { x: left, y: (from.y + to.y) / 2 }
  return {
    pieces: [
      [from.x - rim(from), from.y, left, from.y, left, mark.y - ROUTE.bracketMark],
      [left, mark.y + ROUTE.bracketMark, left, to.y, to.x - rim(to), to.y],
    ],
    mark,
  }
}

export function rim({ shape }: ForestNode): number {
  return shape === 'ghost' ? 7 : ROUTE.rim
}

export function tip({ shape }: ForestNode): number {
  return shape === 'model' ? ROUTE.tip : ROUTE.tip + 1
}
