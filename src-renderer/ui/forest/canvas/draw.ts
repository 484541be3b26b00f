import type { Sheet } from '../layout/positions.ts'
import { meets, type Bounds, type Box } from './bounds.ts'
import { drawRules, drawTitles } from './draw-blocks.ts'
import { drawEdges, drawHalo, drawMarks } from './draw-edges.ts'
import { drawLabels } from './draw-labels.ts'
import { drawNodes, drawRings } from './draw-nodes.ts'
import type { Scene } from './scene.ts'

/** Below this, names are not drawn, px on the screen. */
const SMALLEST_TEXT = 6.5

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
