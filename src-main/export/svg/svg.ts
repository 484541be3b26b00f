import type { Graph } from '../../contract/graph.ts'
import { escapeXml } from '../../contract/characters.ts'
import { summary } from '../../contract/words.ts'
import { drawBlock } from './draw.ts'
import { layoutForest } from './layout.ts'
import { drawLegend } from './legend.ts'
import { measureDejaVu, type Measure } from './measure.ts'
import { FONT, TEXT_SIZE, THEMES, type Theme, type ThemeName } from './tokens.ts'
import type { Branches, Layout } from './positions.ts'
import { element } from './xml.ts'

export interface SvgOptions {
  /** What x means; by default the relative change of each relation. */
  readonly branches?: Branches
  /** Measures the font that will draw the picture; by default DejaVu Sans. */
  readonly measure?: Measure
  /** By default light. */
  readonly theme?: ThemeName
}

/** px. */
const MARGIN = 16
const TOP = 12
const FOOTER = 28

/** The forest as a still picture: standalone SVG 1.1, without styles, scripts or references. */
export function renderSvg(
  graph: Graph,
  { branches = 'change', measure = measureDejaVu, theme = 'light' }: SvgOptions = {},
): string {
  const colours: Theme = THEMES[theme]
  const layout = layoutForest(graph, branches, measure)
  const legend = drawLegend(graph, layout, branches, measure, colours)
  const body = Math.max(layout.height, 40)
  const legendTop = TOP + body + 8
  const footerTop = legendTop + legend.height
  const height = footerTop + FOOTER
  const rule = (y: number): string => `M0 ${y + 0.5}H${layout.width}`
  const content = [
    element('title', {}, `Heirloom: ${escapeXml(summary(graph))}`),
    element('rect', { width: layout.width, height, fill: colours.canvas }),
    element('path', {
      d: [...(legend.height > 0 ? [rule(legendTop - 8)] : []), rule(footerTop), ...hairlines(layout, body)].join(''),
      fill: 'none',
      stroke: colours.line,
    }),
    element('g', { transform: `translate(0 ${TOP})` }, layoutMarkup(layout, colours)),
    ...(legend.height > 0 ? [element('g', { transform: `translate(${MARGIN} ${legendTop - 4})` }, legend.markup)] : []),
    footer(graph, layout.width, footerTop, colours),
  ]
  const size = { width: layout.width, height, viewBox: `0 0 ${layout.width} ${height}` }
  const type = { 'font-family': FONT, 'font-size': TEXT_SIZE.name, fill: colours.ink1 }
  const root = { xmlns: 'http://www.w3.org/2000/svg', ...size, ...type, role: 'img' }
  return `${element('svg', root, `\n${content.join('\n')}\n`)}\n`
}

function layoutMarkup({ blocks }: Layout, colours: Theme): string {
  if (blocks.length > 0) return `\n${blocks.map((block) => drawBlock(block, colours)).join('\n')}\n`
  return element('text', { x: MARGIN, y: 16, fill: colours.ink2 }, 'No models found.')
}

/** Between the blocks of a column, and between columns. */
function hairlines({ blocks, dividers, width }: Layout, body: number): string[] {
  const edgesAfter = (x: number): number => dividers.find((divider) => divider > x) ?? width
  const edgesBefore = (x: number): number => dividers.findLast((divider) => divider < x) ?? 0
  const across = blocks
    .filter(({ y }) => y > 0)
    .map(({ x, y }) => `M${edgesBefore(x)} ${TOP + y - 5.5}H${edgesAfter(x)}`)
  return [...across, ...dividers.map((x) => `M${x + 0.5} 0V${TOP + body}`)]
}

function footer(graph: Graph, width: number, top: number, colours: Theme): string {
  const left = element('text', { x: MARGIN, y: top + 18 }, escapeXml(summary(graph)))
  const right = element('text', { x: width - MARGIN, y: top + 18, 'text-anchor': 'end' }, 'Heirloom')
  return element('g', { 'font-size': TEXT_SIZE.small, fill: colours.ink3 }, left + right)
}
