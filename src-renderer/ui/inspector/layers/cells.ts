import type { Heatmap } from '../../../../src-main/contract/evidence.ts'

/** Row and column of a cell in the heatmap, from 0. */
export interface Cell {
  readonly row: number
  readonly column: number
}

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/**
 * Where a key leads from a cell: arrows to the next cell that holds a tensor, Home and End to the ends of its row, with
 * Ctrl to the first and the last of all. The same cell where there is none; null for any other key.
 */
export function walk(heatmap: Heatmap, from: Cell, key: string, control = false): Cell | null {
  if (key === 'Home' || key === 'End') {
    const rows = control ? heatmap.roles.map((_, row) => row) : [from.row]
    const cells = rows.flatMap((row) => cellsOf(heatmap, row))
    return (key === 'Home' ? cells[0] : cells.at(-1)) ?? from
  }
  const step = STEPS[key]
  if (!step) return null
  let next: Cell = from
  do {
    next = { row: next.row + step[0], column: next.column + step[1] }
    if (tensorAt(heatmap, next) !== null) return next
  } while (isInside(heatmap, next))
  return from
}

/** Position in `tensors`; null where the layer has none, and outside. */
export function tensorAt(heatmap: Heatmap, { row, column }: Cell): number | null {
  return heatmap.roles[row]?.cells[column] ?? null
}

/** The cell that holds a tensor, by its position in `tensors`; null for one outside the layers. */
export function cellOf(heatmap: Heatmap, tensor: number): Cell | null {
  for (const [row, { cells }] of heatmap.roles.entries()) {
    const column = cells.indexOf(tensor)
    if (column >= 0) return { row, column }
  }
  return null
}

function cellsOf(heatmap: Heatmap, row: number): Cell[] {
  const cells = heatmap.roles[row]?.cells ?? []
  return cells.flatMap((tensor, column) => (tensor === null ? [] : { row, column }))
}

function isInside(heatmap: Heatmap, { row, column }: Cell): boolean {
  return row >= 0 && column >= 0 && row < heatmap.roles.length && column < heatmap.layers.length
}
