import type { Graph } from '../../contract/graph.ts'
import { escapeXml } from '../../contract/characters.ts'
import { typeWord } from '../../contract/words.ts'
import { brokenLine, nodeShape, typeMark } from './draw.ts'
import type { Branches, Layout, NodeShape } from './positions.ts'
import type { Measure } from './measure.ts'
import { supportStyle, SUPPORT_STYLES, TEXT_SIZE, type SupportStyle, type Theme } from './tokens.ts'
import { LONGEST_PERCENT, PER_PERCENT } from './tree.ts'
import { element } from './xml.ts'

interface Item {
  readonly words: string
  /** Width of the sign before the words, px. */
  readonly width: number
  /** The sign, drawn from x = 0 with its middle at y = 0. */
  readonly sign: string
}

const NODE_WORDS: Record<NodeShape, string> = {
  model: 'model',
  adapter: 'adapter',
  ghost: 'missing ancestor',
  unknown: 'direction unknown',
}
const LINE_HEIGHT = 20
const GAP = 16

/** A key of what the picture holds, no more. Returns markup from y = 0 and the height it fills, px. */
export function drawLegend(
  { relations }: Graph,
  layout: Layout,
  branches: Branches,
  measure: Measure,
  theme: Theme,
): { markup: string; height: number } {
  const edges = layout.blocks.flatMap((block) => block.edges)
  const shapes = new Set(layout.blocks.flatMap((block) => block.nodes.map(({ shape }) => shape)))
  const used = new Set(relations.map(({ support }) => supportStyle(support)))
  const styles = SUPPORT_STYLES.filter((style) => used.has(style))
  const groups = [
    [...new Set(relations.map(({ type }) => type))].sort().map((type) => typeItem(type, theme)),
    styles.map((style) => lineItem(style, style === styles.at(-1) ? `${style.words} support` : style.words, theme)),
    [
      ...(Object.keys(NODE_WORDS) as NodeShape[])
        .filter((shape) => shapes.has(shape) && shapes.size > 1)
        .map((shape) => ({ words: NODE_WORDS[shape], width: 12, sign: nodeShape(shape, 6, 0, theme.ink2, theme) })),
      ...(relations.some(({ directed }) => directed) ? [arrowItem(theme)] : []),
      ...(edges.some(({ path }) => path === 'branch') && branches === 'change' ? [scaleItem(theme)] : []),
      ...(edges.some(({ shortened }) => shortened) ? [brokenItem(theme)] : []),
    ],
  ]
  return flow(groups, layout.width - 32, measure, theme)
}

/** Sets items in lines, each group on a line of its own, broken where it is too long. */
function flow(
  groups: readonly (readonly Item[])[],
  width: number,
  measure: Measure,
  theme: Theme,
): { markup: string; height: number } {
  const placed: string[] = []
  let line = 0
  for (const group of groups.filter((items) => items.length > 0)) {
    let x = 0
    for (const { words, width: sign, sign: drawn } of group) {
      const advance = sign + 6 + measure(words, TEXT_SIZE.small, 400)
      if (x > 0 && x + advance > width) {
        x = 0
        line++
      }
      const text = element('text', { x: sign + 6, y: 3.5 }, escapeXml(words))
      placed.push(element('g', { transform: `translate(${Math.round(x)} ${line * LINE_HEIGHT + 10})` }, drawn + text))
      x += advance + GAP
    }
    line++
  }
  const markup = element('g', { 'font-size': TEXT_SIZE.small, fill: theme.ink2 }, `\n${placed.join('\n')}\n`)
  return { markup: line === 0 ? '' : markup, height: line * LINE_HEIGHT }
}

function typeItem(type: string, theme: Theme): Item {
  return { words: typeWord(type), width: 12, sign: typeMark(type, 6, 0, theme) }
}

function lineItem({ width, dash }: SupportStyle, words: string, theme: Theme): Item {
  const sign = element('path', { d: 'M0 0h24', stroke: theme.ink2, 'stroke-width': width, 'stroke-dasharray': dash })
  return { words, width: 24, sign }
}

function arrowItem(theme: Theme): Item {
  const line = element('path', { d: 'M0 0h17', stroke: theme.ink2, 'stroke-width': 1.5 })
  return { words: 'direction known', width: 24, sign: line + element('path', { d: 'M24 0l-7-3.5v7z' }) }
}

function scaleItem(theme: Theme): Item {
  const end = 2 * PER_PERCENT
  const sign = element('path', { d: `M.5-3v6M.5 0h${end}M${end + 0.5}-3v6`, fill: 'none', stroke: theme.ink2 })
  return { words: '2\u00a0% relative change', width: end + 1, sign }
}

function brokenItem(theme: Theme): Item {
  const line = element('path', { d: 'M0 0h24', stroke: theme.ink2, 'stroke-width': 1.5 })
  const sign = line + element('g', { stroke: theme.ink2, fill: 'none' }, brokenLine(12, 0, theme))
  return { words: `more than ${LONGEST_PERCENT}\u00a0%`, width: 24, sign }
}
