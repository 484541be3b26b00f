import { LABEL } from '../layout/label.ts'
import { GRID, type ForestNode } from '../layout/positions.ts'
import { DIMMED, nameSize, type Scene } from './scene.ts'

/** Baseline below the middle of a row, px. */
const BASELINE = 4
const SIGNS = { agrees: 'm0 0.5 2.5 2.5L8 -3.5', contradicts: 'm1 -3 6 6m0-6-6 6' } as const

interface Part {
  readonly text: string
  readonly font: string
  readonly colour: string
}

/** Names, sizes and support; away from the middle of a circle the text is turned so that nothing stands on its head. */
export function drawLabels(scene: Scene): void {
  const { context, nodes, marked } = scene
  context.textBaseline = 'alphabetic'
  for (const node of nodes) {
    const id = node.model.id
    context.globalAlpha = (marked.matching && !marked.matching.has(id) ? DIMMED : 1) * (marked.growing.get(id) ?? 1)
    if (node.turn === 0) drawLabel(scene, node, node.x + GRID.labelGap + node.label.x, node.y + BASELINE)
    else drawTurned(scene, node)
  }
  context.globalAlpha = 1
}

function drawTurned(scene: Scene, node: ForestNode): void {
  const { context } = scene
  const backwards = Math.cos(node.turn) < 0
  context.save()
  context.translate(node.x, node.y)
  context.rotate(backwards ? node.turn + Math.PI : node.turn)
  drawLabel(scene, node, backwards ? -GRID.labelGap - node.label.end : GRID.labelGap + node.label.x, BASELINE)
  context.restore()
}

function drawLabel(scene: Scene, node: ForestNode, x: number, y: number): void {
  const { context } = scene
  let left = x
  for (const { text, font, colour } of partsOf(scene, node)) {
    if (text === '') continue
    context.font = font
    context.fillStyle = colour
    context.fillText(text, left, y)
    left += context.measureText(text).width + LABEL.gap
  }
  const sign = scene.colouring.sign(node)
  if (!sign) return
  context.save()
  context.translate(left, y - BASELINE)
  context.strokeStyle = scene.palette.colours[sign === 'agrees' ? 'agree' : 'contradict']
  context.lineWidth = 1.5
  context.lineCap = context.lineJoin = 'round'
  context.stroke(new Path2D(SIGNS[sign]))
  context.restore()
}

function partsOf({ sheet, palette, marked }: Scene, { model, label }: ForestNode): readonly Part[] {
  const { colours, font } = palette
  const ghost = model.kind === 'ghost'
  const style = `${ghost ? 'italic ' : ''}${marked.selected.has(model.id) ? 600 : 400} ${nameSize(sheet)}px ${font}`
  return [
    { text: label.name, font: style, colour: ghost ? colours.ink2 : colours.ink1 },
    { text: label.detail, font: `400 10px ${font}`, colour: colours.ink3 },
    { text: label.support, font: `400 10px ${font}`, colour: colours.ink2 },
  ]
}
