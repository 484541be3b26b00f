import { GRID, type ForestNode } from '../layout/positions.ts'
import { DIMMED, nameSize, type Scene } from './scene.ts'

/** px. */
const DISC = 4.5
const RING = 8
const SMALLEST = 1.6

export function drawNodes({ context, sheet, nodes, palette, colouring, marked, camera }: Scene): void {
  const least = SMALLEST / camera.k
  context.lineWidth = 1.5
  for (const node of nodes) {
    const colour = palette.colours[colouring.node(node)]
    const share = marked.growing.get(node.model.id)
    const parent = share === undefined ? undefined : sheet.byId.get(node.parent ?? '')
    const x = parent && share !== undefined ? parent.x + (node.x - parent.x) * share : node.x
    const y = parent && share !== undefined ? parent.y + (node.y - parent.y) * share : node.y
    context.globalAlpha = marked.matching && !marked.matching.has(node.model.id) ? DIMMED : 1
    drawNode(context, node, { x, y, colour, ground: palette.colours.s0, least })
  }
  context.globalAlpha = 1
}

interface Look {
  readonly x: number
  readonly y: number
  readonly colour: string
  readonly ground: string
  /** Smallest radius, px. */
  readonly least: number
}

/** A disc; hollow where nobody stands in front; a diamond for an adapter, dashed for a missing file, before a ring for a run. */
export function drawNode(
  context: CanvasRenderingContext2D,
  { shape, members }: Pick<ForestNode, 'shape' | 'members'>,
  { x, y, colour, ground, least }: Look,
): void {
  const hollow = shape !== 'model'
  const run = members.length > 1
  if (run) circle(context, x + 5, y, Math.max(3.75, least), ground, colour)
  context.fillStyle = hollow ? ground : colour
  context.strokeStyle = colour
  if (shape === 'adapter') {
    const half = Math.max(5.5, least)
    context.beginPath()
    context.moveTo(x, y - half)
    context.lineTo(x + half, y)
    context.lineTo(x, y + half)
    context.lineTo(x - half, y)
    context.closePath()
    context.fill()
    context.stroke()
  } else if (hollow) {
    if (shape === 'ghost') context.setLineDash([2.5, 2])
    circle(context, x, y, Math.max(shape === 'ghost' ? 5.5 : 4.25, least), ground, colour)
    context.setLineDash([])
  } else {
    context.beginPath()
    context.arc(x, y, Math.max(DISC, least), 0, 2 * Math.PI)
    context.fill()
  }
}

function circle(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  fill: string,
  line: string,
): void {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fillStyle = fill
  context.fill()
  context.strokeStyle = line
  context.stroke()
}

/** Hover, selection and the place of the keyboard; each a ring or a rectangle, none a change of size. */
export function drawRings({ context, sheet, palette, marked, camera }: Scene): void {
  const ring = (id: string | null, colour: string, width: number): void => {
    const node = id === null ? undefined : sheet.byId.get(id)
    if (!node) return
    context.beginPath()
    context.arc(node.x, node.y, RING, 0, 2 * Math.PI)
    context.strokeStyle = colour
    context.lineWidth = Math.max(width, width / camera.k)
    context.stroke()
  }
  if (marked.hoveredNode !== null && !marked.selected.has(marked.hoveredNode))
    ring(marked.hoveredNode, palette.colours.ctl, 1)
  for (const id of marked.selected) ring(id, palette.colours.accent, 2)
  const focused = marked.focused === null ? undefined : sheet.byId.get(marked.focused)
  if (!focused) return
  context.font = `400 ${nameSize(sheet)}px ${palette.font}`
  const plain = context.measureText(focused.label.name).width
  context.font = `600 ${nameSize(sheet)}px ${palette.font}`
  const bolder = marked.selected.has(focused.model.id) ? context.measureText(focused.label.name).width - plain : 0
  context.save()
  context.translate(focused.x, focused.y)
  context.rotate(focused.turn)
  context.beginPath()
  context.roundRect(-11, -10, GRID.labelGap + focused.label.end + bolder + 17, 20, 3)
  context.strokeStyle = palette.colours.accent
  context.lineWidth = 2
  context.stroke()
  context.restore()
}
