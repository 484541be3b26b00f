import type { Block, ForestEdge, ForestNode, Point } from './positions.ts'

/** The same block with everything in it moved. */
export function moved<T extends Pick<Block, 'nodes' | 'edges'>>(block: T, dx: number, dy: number): T {
  const shift = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy })
  const nodes = block.nodes.map((node): ForestNode => shift(node))
  const edges = block.edges.map((edge): ForestEdge => ({
    ...edge,
    pieces: edge.pieces.map((piece) => piece.map((value, index) => value + (index % 2 === 0 ? dx : dy))),
    mark: edge.mark && shift(edge.mark),
    arrow: edge.arrow && shift(edge.arrow),
    broken: edge.broken && shift(edge.broken),
  }))
  return { ...block, nodes, edges }
}
