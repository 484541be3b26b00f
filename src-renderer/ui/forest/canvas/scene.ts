import { textSize } from '../layout/label.ts'
import type { ForestEdge, ForestNode, Sheet } from '../layout/positions.ts'
import type { Box } from './bounds.ts'
import type { Colouring } from './colouring.ts'
import type { Palette } from './palette.ts'

/** Where the sheet lies in the pane: pane = sheet · k + (x, y), px. */
export interface Camera {
  readonly x: number
  readonly y: number
  readonly k: number
}

/** What is marked at the moment. None of it moves anything. */
export interface Marked {
  /** Nodes that stand for selected models. */
  readonly selected: ReadonlySet<string>
  readonly selectedEdge: ForestEdge | null
  readonly hoveredNode: string | null
  readonly hoveredEdge: ForestEdge | null
  /** The node with the keyboard. */
  readonly focused: string | null
  /** Nodes that no filter leaves out; null where there is no filter. */
  readonly matching: ReadonlySet<string> | null
  /** New nodes on their way from their parent, 0 to 1. */
  readonly growing: ReadonlyMap<string, number>
}

/** Everything that a part of the picture is drawn from. */
export interface Scene {
  readonly context: CanvasRenderingContext2D
  readonly sheet: Sheet
  readonly palette: Palette
  readonly colouring: Colouring
  readonly marked: Marked
  readonly camera: Camera
  /** What is in sight, in px of the sheet. */
  readonly sight: Box
  readonly nodes: readonly ForestNode[]
  readonly edges: readonly ForestEdge[]
  /** Whether names can be read at this size; else marks and corners are left out too. */
  readonly fine: boolean
}

export const DIMMED = 0.35

/** px; low rows take smaller names. */
export function nameSize({ rowHeight }: Sheet): number {
  return textSize(rowHeight).name
}

export const NOTHING_MARKED: Marked = {
  selected: new Set(),
  selectedEdge: null,
  hoveredNode: null,
  hoveredEdge: null,
  focused: null,
  matching: null,
  growing: new Map(),
}
