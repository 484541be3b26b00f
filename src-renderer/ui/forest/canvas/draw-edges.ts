import { markOf } from '../../../../src-main/export/svg/marks.ts'
import { supportStyle } from '../../../../src-main/export/svg/tokens.ts'
import type { ForestEdge, Polyline } from '../layout/positions.ts'
import { DIMMED, type Scene } from './scene.ts'

/** px. */
const CORNER = 6
const ARROW = 7
const THINNEST = 0.7

/** Lines of one look are stroked at once: that is what makes thousands of them quick. */
export function drawEdges({ context, edges, palette, colouring, marked, camera, fine }: Scene): void {
  const looks = Map.groupBy(edges, (edge) => {
    const { width, dash } = edge.faint ? { width: 1.25, dash: null } : supportStyle(edge.relation.support)
    const drawn = Math.max(edge === marked.hoveredEdge ? width + 0.75 : width, THINNEST / camera.k)
    return [palette.colours[colouring.edge(edge)], drawn, dash ?? '', alphaOf(edge, marked)].join('|')
  })
  context.lineCap = 'butt'
  context.lineJoin = 'round'
  for (const [look, group] of looks) {
    const [colour = '', width, dash = '', alpha] = look.split('|')
    context.strokeStyle = context.fillStyle = colour
    context.lineWidth = Number(width)
    context.globalAlpha = Number(alpha)
    context.setLineDash(dash === '' ? [] : dash.split(' ').map(Number))
    context.beginPath()
    for (const { pieces } of group) for (const piece of pieces) trace(context, piece, fine)
    context.stroke()
    context.setLineDash([])
    if (!fine) continue
    context.beginPath()
    for (const { arrow } of group) if (arrow) traceArrow(context, arrow)
    context.fill()
  }
  context.globalAlpha = 1
}

/** A node that is filtered out takes the line that leads to it along. */
function alphaOf({ to }: ForestEdge, { matching, growing }: Scene['marked']): number {
  return (matching && !matching.has(to) ? DIMMED : 1) * (growing.get(to) ?? 1)
}

/** A soft band under the selected relation. */
export function drawHalo({ context, palette, marked }: Scene): void {
  const edge = marked.selectedEdge
  if (!edge) return
  context.strokeStyle = palette.colours.accent
  context.lineWidth = 8
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.globalAlpha = 0.22
  context.beginPath()
  for (const piece of edge.pieces) trace(context, piece, true)
  context.stroke()
  context.globalAlpha = 1
}

/** The signs of the types, each on the gap in its line, and the strokes across lines that are drawn shorter. */
export function drawMarks({ context, edges, palette, marked, colouring }: Scene): void {
  context.lineWidth = 1.25
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const edge of edges) {
    const { mark, broken, relation } = edge
    context.globalAlpha = alphaOf(edge, marked)
    if (mark) {
      context.strokeStyle = edge === marked.selectedEdge ? palette.colours.accent : palette.colours.ink2
      context.translate(mark.x - 6, mark.y - 6)
      context.stroke(markPath(relation.type))
      context.translate(6 - mark.x, 6 - mark.y)
    }
    if (broken) {
      context.save()
      context.translate(broken.x, broken.y)
      context.rotate(broken.turn)
      context.fillStyle = palette.colours.s0
      context.fillRect(-2, -4, 4, 8)
      context.strokeStyle = palette.colours[colouring.edge(edge)]
      context.stroke(BROKEN())
      context.restore()
    }
  }
  context.globalAlpha = 1
}

function trace(context: CanvasRenderingContext2D, line: Polyline, rounded: boolean): void {
  context.moveTo(line[0]!, line[1]!)
  for (let index = 2; index < line.length; index += 2) {
    const [x, y] = [line[index]!, line[index + 1]!]
    const [nextX, nextY] = [line[index + 2], line[index + 3]]
    if (nextX === undefined || nextY === undefined || !rounded) context.lineTo(x, y)
    else {
      const before = Math.hypot(x - line[index - 2]!, y - line[index - 1]!)
      const after = Math.hypot(nextX - x, nextY - y)
      context.arcTo(x, y, nextX, nextY, Math.min(CORNER, before / 2, after / 2))
    }
  }
}

export function traceArrow(
  context: CanvasRenderingContext2D,
  { x, y, turn }: { x: number; y: number; turn: number },
): void {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const at = (along: number, across: number): [number, number] => [
    x + along * cos - across * sin,
    y + along * sin + across * cos,
  ]
  context.moveTo(x, y)
  context.lineTo(...at(-ARROW, -ARROW / 2))
  context.lineTo(...at(-ARROW, ARROW / 2))
  context.closePath()
}

const PATHS = new Map<string, Path2D>()

/** The sign of a relation type in a box of 12 px. */
export function markPath(type: string): Path2D {
  const known = PATHS.get(type) ?? new Path2D(markOf(type))
  PATHS.set(type, known)
  return known
}

let broken: Path2D | null = null
const BROKEN = (): Path2D => (broken ??= new Path2D('M-3.5 4l3-8m4 0l-3 8'))
