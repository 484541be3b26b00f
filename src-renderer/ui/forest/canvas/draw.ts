import { textSize } from '../layout/label.ts'
import type { ForestEdge, ForestNode, Sheet } from '../layout/positions.ts'
import { meets, type Bounds, type Box } from './bounds.ts'
import type { Colouring } from './colouring.ts'
import { drawEdges, drawHalo, drawMarks } from './draw-edges.ts'
import { drawLabels } from './draw-labels.ts'
import { drawNodes, drawRings } from './draw-nodes.ts'
import { drawRules, drawTitles } from './draw-blocks.ts'
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

/** Below this, names are not drawn, px on the screen. */
const SMALLEST_TEXT = 6.5
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

export interface Target {
  readonly context: CanvasRenderingContext2D
  /** Of the drawing, px. */
  readonly width: number
  readonly height: number
  /** Pixels of the canvas for one px. */
  readonly density: number
}

/** Draws what is in sight of the sheet. The canvas is cleared first; its ground shows through. */
export function drawForest(
  { context, width, height, density }: Target,
  { sheet, bounds }: { sheet: Sheet; bounds: Bounds },
  { palette, colouring, marked, camera }: Pick<Scene, 'palette' | 'colouring' | 'marked' | 'camera'>,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, width * density, height * density)
  const k = camera.k
  // On whole pixels text and hairlines are crisp.
  const [x, y] = [Math.round(camera.x * density) / density, Math.round(camera.y * density) / density]
  const sight: Box = [-x / k, -y / k, (width - x) / k, (height - y) / k]
  context.setTransform(density * k, 0, 0, density * k, density * x, density * y)
  const scene: Scene = {
    context,
    sheet,
    palette,
    colouring,
    marked,
    camera: { x, y, k },
    sight,
    nodes: sheet.nodes.filter((_, index) => meets(bounds.nodes[index]!, sight)),
    edges: sheet.edges.filter((_, index) => meets(bounds.edges[index]!, sight)),
    fine: 10 * k >= SMALLEST_TEXT,
  }
  drawRules(scene)
  drawHalo(scene)
  drawEdges(scene)
  if (scene.fine) drawMarks(scene)
  drawNodes(scene)
  drawRings(scene)
  if (scene.fine) drawLabels(scene)
  drawTitles(scene, density)
}
