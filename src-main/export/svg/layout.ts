import type { Graph, GraphModel, Relation } from '../../contract/graph.ts'
import { cutMiddle } from '../../contract/characters.ts'
import { forestOf, type Family } from '../forest.ts'
import { CERTAIN, count, modelName, percent, sameNumbers } from '../../contract/words.ts'
import { labelFor, LONGEST_NAME, titleEnd } from './label.ts'
import type { Measure } from './measure.ts'
import { pack } from './pack.ts'
import { TEXT_SIZE } from './tokens.ts'
import type { Block, Branches, Layout, NodeShape, PlacedNode } from './positions.ts'
import { edgesOf, rowsOf } from './tree.ts'

/** px. */
export const GRID = { row: 20, title: 24, below: 12, rootX: 5, bracket: 24, labelGap: 12 } as const

// A list of models without a relative is broken into columns of at most so many.
const LONGEST_LIST = 40

/**
 * Positions of everything in px, from the data alone: parents left of their children, one row a node, children half
 * above and half below, so that no line crosses a label and no two labels meet. The order of the input changes nothing.
 */
export function layoutForest(graph: Graph, branches: Branches, measure: Measure): Layout {
  const { families, unrelated } = forestOf(graph)
  const names = new Map(graph.models.map((model) => [model.id, modelName(model)]))
  const blocks = families.map((family, index) => familyBlock(family, index, branches, names, measure))
  return pack([...blocks, ...unrelatedBlocks(unrelated, measure)])
}

function familyBlock(
  family: Family,
  index: number,
  branches: Branches,
  names: ReadonlyMap<string, string>,
  measure: Measure,
): Block {
  const pair = undirectedPair(family)
  const rows = rowsOf(family.trees, branches, GRID.rootX)
  const nodes = rows.map(({ branch, x }, row): PlacedNode => {
    const { model, link, others } = branch
    const nodeX = pair ? GRID.rootX + GRID.bracket : x
    const links = link && !pair ? [link, ...others] : others
    const label = labelFor(model, links, nodeX + GRID.labelGap, names, measure)
    return { model, shape: shapeOf(model, link, family.rooted), x: nodeX, y: rowY(row), label }
  })
  const title = familyName(family)
  return sized(
    { title, note: familyNote(family, pair), family: index, nodes, edges: edgesOf(rows, nodes, pair) },
    measure,
  )
}

function unrelatedBlocks(models: readonly GraphModel[], measure: Measure): Block[] {
  const blocks: Block[] = []
  for (let start = 0; start < models.length; start += LONGEST_LIST) {
    const nodes = models.slice(start, start + LONGEST_LIST).map((model, row): PlacedNode => {
      const label = labelFor(model, [], GRID.rootX + GRID.labelGap, new Map(), measure)
      return { model, shape: shapeOf(model, null, true), x: GRID.rootX, y: rowY(row), label }
    })
    const note = start === 0 ? count(models.length, 'model') : 'continued'
    blocks.push(sized({ title: 'No relative found', note, family: null, nodes, edges: [] }, measure))
  }
  return blocks
}

function rowY(row: number): number {
  return GRID.title + GRID.row * row + 8
}

function sized(block: Omit<Block, 'width' | 'height'>, measure: Measure): Block {
  const title = cutMiddle(block.title, LONGEST_NAME, (text) => measure(text, TEXT_SIZE.name, 600))
  const ends = [titleEnd(title, block.note, measure), ...block.nodes.map(({ label }) => label.end)]
  const height = GRID.title + GRID.row * block.nodes.length + GRID.below
  return { ...block, title, width: Math.ceil(Math.max(...ends)), height }
}

/** A family is called after the model at its top, or the first that has a file. */
function familyName({ id, trees, models }: Family): string {
  const top = trees[0]?.model
  const named = top?.kind === 'ghost' ? models.find(({ kind }) => kind !== 'ghost') : top
  return named ? modelName(named) : id
}

/** The one relation of a family of two models of which neither is known to be first. */
function undirectedPair({ trees, models, rooted }: Family): Relation | null {
  const link = trees[0]?.children[0]?.link
  return link && models.length === 2 && !rooted && !link.directed ? link : null
}

function shapeOf(model: GraphModel, link: Relation | null, rooted: boolean): NodeShape {
  if (model.kind !== 'model') return model.kind
  const placed = link ? link.directed || (rooted && sameNumbers(link)) : rooted
  return placed ? 'model' : 'unknown'
}

function familyNote({ models, rooted }: Family, pair: Relation | null): string {
  const ghosts = models.filter(({ kind }) => kind === 'ghost').length
  return [
    count(models.length - ghosts, 'model'),
    ...(ghosts > 0 ? [count(ghosts, 'missing ancestor')] : []),
    ...(pair && pair.support < CERTAIN ? [percent(pair.support, '\u00a0')] : []),
    ...(pair && sameNumbers(pair) ? ['same numbers'] : rooted ? [] : ['direction unknown']),
  ].join(', ')
}
