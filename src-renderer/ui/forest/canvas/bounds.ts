import { GRID, type ForestEdge, type ForestNode, type Sheet } from '../layout/positions.ts'

/** Left, top, right, bottom. */
export type Box = readonly [number, number, number, number]

/** Where everything lies, to know in a glance what is in sight and under the pointer. In the order of the sheet. */
export interface Bounds {
  readonly nodes: readonly Box[]
  readonly edges: readonly Box[]
}

/** px: half the height of a row's node and label. */
const HALF = 9

export function boundsOf({ nodes, edges }: Sheet): Bounds {
  return { nodes: nodes.map(nodeBox), edges: edges.map(edgeBox) }
}

function nodeBox({ x, y, turn, label }: ForestNode): Box {
  const reach = GRID.labelGap + label.end
  const [endX, endY] = [x + reach * Math.cos(turn), y + reach * Math.sin(turn)]
  return [Math.min(x, endX) - HALF, Math.min(y, endY) - HALF, Math.max(x, endX) + HALF, Math.max(y, endY) + HALF]
}

function edgeBox({ pieces }: ForestEdge): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const piece of pieces) {
    for (let index = 0; index < piece.length; index += 2) {
      left = Math.min(left, piece[index]!)
      right = Math.max(right, piece[index]!)
      top = Math.min(top, piece[index + 1]!)
      bottom = Math.max(bottom, piece[index + 1]!)
    }
  }
  return [left - HALF, top - HALF, right + HALF, bottom + HALF]
}

export function meets(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}
