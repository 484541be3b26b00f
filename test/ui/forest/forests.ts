import fc from 'fast-check'
import type { Graph } from '../../../src-main/contract/graph.ts'
import { measureDejaVu } from '../../../src-main/export/svg/measure.ts'
import { layoutForest, type LayoutOptions } from '../../../src-renderer/ui/forest/layout/layout.ts'
import type { ForestNode, Sheet } from '../../../src-renderer/ui/forest/layout/positions.ts'
import { randomGraph } from '../../support/graphs.ts'

export const LAYOUTS = ['change', 'steps', 'top-down', 'radial'] as const

export const anyForest = fc
  .record({ models: fc.integer({ min: 0, max: 70 }), families: fc.integer({ min: 1, max: 9 }), seed: fc.nat(1e6) })
  .map(({ models, families, seed }) => randomGraph(models, families, seed))

export const anyLayout = fc.constantFrom(...LAYOUTS)

export function options(values: Partial<LayoutOptions> = {}): LayoutOptions {
  return {
    layout: 'change',
    collapsed: new Set(),
    focus: null,
    openRuns: new Set(),
    space: { width: 640, height: 672 },
    measure: measureDejaVu,
    provisional: false,
    ...values,
  }
}

export function layout(graph: Graph, values: Partial<LayoutOptions> = {}): Sheet {
  return layoutForest(graph, options(values))
}

export interface Corner {
  readonly x: number
  readonly y: number
}

/** The four corners of a label, 12 px high, from `from` px right of its node to its end, turned as it is drawn. */
export function labelBox({ x, y, turn, label }: ForestNode, from = 8): Corner[] {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const corner = (along: number, across: number): Corner => ({
    x: x + along * cos - across * sin,
    y: y + along * sin + across * cos,
  })
  const end = 12 + label.end
  return [corner(from, -5.5), corner(end, -5.5), corner(end, 5.5), corner(from, 5.5)]
}

/** Whether two convex shapes share more than their borders: no axis parts them. */
export function overlap(a: readonly Corner[], b: readonly Corner[]): boolean {
  return ![a, b].some((shape) =>
    shape.some((corner, index) => {
      const next = shape[(index + 1) % shape.length]!
      const [nx, ny] = [next.y - corner.y, corner.x - next.x]
      if (nx === 0 && ny === 0) return false
      const project = (points: readonly Corner[]): number[] => points.map(({ x, y }) => x * nx + y * ny)
      const [first, second] = [project(a), project(b)]
      return Math.max(...first) <= Math.min(...second) || Math.max(...second) <= Math.min(...first)
    }),
  )
}

/** The straight parts of every line, each as a shape of two corners. */
export function segments({ edges }: Sheet): Corner[][] {
  return edges.flatMap(({ pieces }) =>
    pieces.flatMap((piece) =>
      Array.from({ length: piece.length / 2 - 1 }, (_, index) => [
        { x: piece[2 * index]!, y: piece[2 * index + 1]! },
        { x: piece[2 * index + 2]!, y: piece[2 * index + 3]! },
      ]),
    ),
  )
}
