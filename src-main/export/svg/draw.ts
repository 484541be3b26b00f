import { escapeXml, visible } from '../../contract/characters.ts'
import { modelName } from '../../contract/words.ts'
import { LABEL_GAP, type Label } from './label.ts'
import { GRID } from './layout.ts'
import { markOf } from './marks.ts'
import { familyColour, supportStyle, TEXT_SIZE, type SupportStyle, type Theme } from './tokens.ts'
import type { NodeShape, PlacedBlock, PlacedEdge, PlacedNode } from './positions.ts'
import { element, short } from './xml.ts'

/** px. */
const CORNER = 6
const ARROW = 7
const NODE = 4.5
/** How far before its node a merge's lines meet. */
const MEETING = 26
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** One block as a group: title, lines, marks, nodes, labels, in that order, so that nothing covers a name. */
export function drawBlock(block: PlacedBlock, theme: Theme): string {
  const colour = block.family === null ? theme.quiet : familyColour(theme, block.family)
  const incoming = Map.groupBy(block.edges, ({ to }) => to)
  const lines = block.edges.map((edge) => drawEdge(edge, colour, theme))
  const content = [
    titleText(block, theme),
    ...(lines.length > 0
      ? [element('g', { fill: 'none', stroke: colour, 'stroke-linejoin': 'round' }, join(lines))]
      : []),
    ...block.nodes.map((node) => drawNode(node, incoming.get(node) ?? [], colour, theme)),
  ]
  return element('g', { transform: `translate(${short(block.x)} ${short(block.y)})` }, join(content))
}

function join(parts: readonly string[]): string {
  return `\n${parts.join('\n')}\n`
}

function titleText({ title, note }: PlacedBlock, theme: Theme): string {
  const name = element('tspan', { 'font-weight': 600 }, escapeXml(isolated(title)))
  const rest = element('tspan', { fill: theme.ink3 }, escapeXml(LABEL_GAP + note))
  return element('text', { y: 16 }, name + rest)
}

function drawNode(node: PlacedNode, incoming: readonly PlacedEdge[], colour: string, theme: Theme): string {
  const reasons = incoming.map(({ relation }) => visible(relation.reason))
  const title = element('title', {}, escapeXml([modelName(node.model), ...reasons].join('\n')))
  return element('g', {}, title + nodeShape(node.shape, node.x, node.y, colour, theme) + labelText(node, theme))
}

/** @param x centre in px, as is y */
export function nodeShape(shape: NodeShape, x: number, y: number, colour: string, theme: Theme): string {
  const hollow = { fill: theme.canvas, stroke: colour, 'stroke-width': 1.5 }
  if (shape === 'adapter')
    return element('path', { d: `M${short(x)} ${short(y - 5.5)}l5.5 5.5-5.5 5.5-5.5-5.5z`, ...hollow })
  if (shape === 'ghost') return element('circle', { cx: x, cy: y, r: 5.5, ...hollow, 'stroke-dasharray': '2.5 2' })
  if (shape === 'unknown') return element('circle', { cx: x, cy: y, r: 4.25, ...hollow })
  return element('circle', { cx: x, cy: y, r: NODE, fill: colour })
}

function labelText({ label, shape, y }: PlacedNode, theme: Theme): string {
  const look = shape === 'ghost' ? { 'font-style': 'italic', fill: theme.ink2 } : {}
  const name = element('tspan', look, escapeXml(isolated(label.name)))
  return element('text', { x: label.x, y: y + 4 }, name + smallParts(label, theme))
}

function smallParts({ detail, support }: Label, theme: Theme): string {
  const part = (text: string, fill: string): string =>
    element('tspan', { fill, 'font-size': TEXT_SIZE.small }, escapeXml(LABEL_GAP + text))
  return part(detail, theme.ink3) + (support === '' ? '' : part(support, theme.ink2))
}

/** A right-to-left name would draw the numbers after it into its own direction; a mark ends it. */
function isolated(text: string): string {
  return RTL.test(text) ? `${text}\u200e` : text
}

function drawEdge(edge: PlacedEdge, colour: string, theme: Theme): string {
  const { relation, to, path } = edge
  const style = supportStyle(relation.support)
  const drawn = path === 'stub' ? { ...style, width: 1.25 } : style
  const title = element('title', {}, escapeXml(visible(relation.reason)))
  const meets = edge.merged && path === 'branch'
  const parts = [
    stroke(pathOf(edge), drawn),
    ...(meets ? [stroke(`M${short(to.x - MEETING)} ${short(to.y)}H${short(endOf(edge))}`, drawn)] : []),
    ...(relation.directed && path !== 'join' ? [arrow(to, colour)] : []),
    ...(edge.merged || path === 'stub' ? [] : [mark(edge, theme)]),
    ...(edge.shortened ? [breakMark(edge, theme)] : []),
  ]
  return element('g', {}, title + parts.join(''))
}

function stroke(d: string, { width, dash }: SupportStyle): string {
  return element('path', { d, 'stroke-width': width, 'stroke-dasharray': dash })
}

function pathOf(edge: PlacedEdge): string {
  const { from, to, path } = edge
  const down = to.y > from.y ? 1 : -1
  if (path === 'bracket') {
    const left = from.x - GRID.bracket
    const end = short(from.x - NODE)
    return `M${end} ${short(from.y)}H${short(left + 4)}a4 4 0 0 0-4 4V${short(to.y - 4)}a4 4 0 0 0 4 4H${end}`
  }
  if (path === 'stub') return `M${short(to.x - 20)} ${short(to.y - 7)}q4 7 10 7H${short(endOf(edge))}`
  const start = `M${short(from.x)} ${short(from.y + down * (from.shape === 'ghost' ? 7 : 5))}`
  if (!edge.merged) {
    return `${start}V${short(to.y - down * CORNER)}q0 ${down * CORNER} ${CORNER} ${down * CORNER}H${short(endOf(edge))}`
  }
  const level = to.y - down * 4
  const corner = `q0 ${down * CORNER} ${CORNER} ${down * CORNER}`
  return `${start}V${short(level - down * CORNER)}${corner}H${short(to.x - MEETING - 7)}q4 0 7 ${down * 4}`
}

/** Where the line stops: short of the arrow, or at the rim of the node. */
function endOf({ relation, to }: PlacedEdge): number {
  return relation.directed ? to.x - 12 : to.x - NODE
}

function arrow({ x, y, shape }: PlacedNode, fill: string): string {
  const tip = shape === 'model' ? x - 6 : x - 7
  return element('path', { d: `M${short(tip)} ${short(y)}l-${ARROW}-3.5v${ARROW}z`, fill, stroke: 'none' })
}

/** The mark of the type on a gap in the line. */
function mark({ relation, from, to, path }: PlacedEdge, theme: Theme): string {
  const across = path !== 'bracket'
  const x = across ? (from.x + CORNER + to.x - 12) / 2 : from.x - GRID.bracket
  const y = across ? to.y : (from.y + to.y) / 2
  const gap = element('rect', { x: x - 8, y: y - 7, width: 16, height: 14, fill: theme.canvas, stroke: 'none' })
  return gap + typeMark(relation.type, x, y, theme)
}

/** @param x centre in px, as is y */
export function typeMark(type: string, x: number, y: number, theme: Theme): string {
  return element('path', {
    d: markOf(type),
    transform: `translate(${short(x - 6)} ${short(y - 6)})`,
    fill: 'none',
    stroke: theme.ink2,
    'stroke-width': 1.25,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  })
}

/** Two strokes across a line that is drawn shorter than its relative change. */
function breakMark({ from, to }: PlacedEdge, theme: Theme): string {
  const x = from.x + (to.x - from.x) * 0.78
  return brokenLine(x, to.y, theme)
}

/** @param x centre in px, as is y */
export function brokenLine(x: number, y: number, theme: Theme): string {
  const gap = element('path', {
    d: `M${short(x - 3)} ${short(y + 4)}l3-8h3l-3 8z`,
    fill: theme.canvas,
    stroke: 'none',
  })
  const strokes = `M${short(x - 3)} ${short(y + 4)}l3-8m3 0l-3 8`
  return gap + element('path', { d: strokes, 'stroke-width': 1 })
}
