import type { GraphModel, Relation } from '../../../../src-main/contract/graph.ts'
import { cutMiddle } from '../../../../src-main/contract/characters.ts'
import { CERTAIN, count, modelName, percent, sameNumbers } from '../../../../src-main/contract/words.ts'
import type { Branch, Family } from '../../../../src-main/export/forest.ts'
import type { Measure } from '../../../../src-main/export/svg/measure.ts'
import type { NodeShape } from '../../../../src-main/export/svg/positions.ts'
import { edgesOf, rowsOf } from '../../../../src-main/export/svg/tree.ts'
import { words } from '../words.ts'
import { labelOf, type TextSize } from './label.ts'
import { GRID, type Block, type ForestNode } from './positions.ts'
import { routeAcross } from './routes.ts'
import type { Folded } from './trees.ts'

const NBSP = '\u00a0'
const LONGEST_TITLE = 320
/** A list without lines is broken into columns of about so many rows. */
const LONGEST_LIST = 40
/** In however low a window. */
const SHORTEST_LIST = 8
const COLUMN_GAP = 28
const ALONE: Omit<Folded, 'members'> = { hidden: [], foldable: false, last: null }

/** What every block is drawn with. */
export interface Style {
  readonly rowHeight: number
  readonly text: TextSize
  readonly measure: Measure
  /** Names of models by id. */
  readonly names: ReadonlyMap<string, string>
  readonly folded: ReadonlyMap<string, Folded>
  /** True while a scan may still change the families. */
  readonly provisional: boolean
}

/** A family from left to right: one row a node, parents left of their children. */
export function rowsBlock(family: Family, place: number, branches: 'change' | 'steps', style: Style): Block {
  const pair = undirectedPair(family)
  const rows = rowsOf(family.trees, branches, GRID.rootX)
  const shape = nodesOf(family, place, style)
  const nodes = rows.map(({ branch, parent, x }, row) =>
    shape(branch, parent, pair ? GRID.rootX + GRID.bracket : x, GRID.title + row * style.rowHeight),
  )
  const byId = new Map(nodes.map((node) => [node.model.id, node]))
  const edges = edgesOf(rows, nodes, pair).map((edge) =>
    routeAcross(edge, byId.get(edge.from.model.id)!, byId.get(edge.to.model.id)!),
  )
  return sized(titled(family, place, style), nodes, edges, style)
}

/** Builds the nodes of a family, each wherever it is told to stand. */
export function nodesOf(
  family: Family,
  place: number,
  { folded, names, text, measure }: Style,
): (branch: Branch, parent: string | null, x: number, y: number) => ForestNode {
  const levels = new Map<string, number>()
  for (const tree of family.trees) countLevels(tree, levels)
  const pair = undirectedPair(family)
  return (branch, parent, x, y) => {
    const { model, link } = branch
    const fold = folded.get(model.id) ?? { ...ALONE, members: [model.id] }
    // What a pair's title says needs no second place.
    const labelled = pair ? { ...branch, link: null } : branch
    const { members, hidden, foldable } = fold
    return {
      model,
      shape: shapeOf(model, link, family.rooted),
      x,
      y,
      label: labelOf(labelled, fold, names, text, measure),
      family: place,
      parent,
      level: levels.get(model.id) ?? 0,
      members,
      hidden,
      foldable,
      turn: 0,
    }
  }
}

/** Models without a relative: rows without lines, in as many columns as the width takes, none without need. */
export function unrelatedBlock(
  models: readonly GraphModel[],
  style: Style,
  { width, height }: { readonly width: number; readonly height: number },
): Block {
  const labels = models.map((model) => {
    const branch: Branch = { model, link: null, others: [], children: [] }
    return labelOf(branch, { ...ALONE, members: [model.id] }, style.names, style.text, style.measure)
  })
  const column = Math.ceil(labels.reduce((most, { end }) => Math.max(most, end), 0)) + GRID.labelGap + COLUMN_GAP
  const longest = Math.floor((height - GRID.title) / style.rowHeight)
  const columns = Math.min(
    Math.ceil(models.length / Math.min(LONGEST_LIST, Math.max(SHORTEST_LIST, longest))),
    Math.max(1, Math.floor((width + COLUMN_GAP) / column)),
  )
  const rows = Math.ceil(models.length / columns)
  const nodes = models.map((model, place): ForestNode => ({
    ...ALONE,
    model,
    shape: model.kind,
    x: GRID.rootX + Math.floor(place / rows) * column,
    y: GRID.title + (place % rows) * style.rowHeight,
    label: labels[place]!,
    family: null,
    parent: null,
    level: 0,
    members: [model.id],
    turn: 0,
  }))
  const title = style.provisional ? words.unrelatedSoFar : words.unrelated
  return sized({ title, note: count(models.length, 'model'), id: null, family: null }, nodes, [], style)
}

export type Titled = Pick<Block, 'title' | 'note' | 'id' | 'family'>

export function titled(family: Family, place: number, { provisional, text, measure }: Style): Titled {
  const top = family.trees[0]?.model
  const named = top?.kind === 'ghost' ? family.models.find(({ kind }) => kind !== 'ghost') : top
  const name = named ? modelName(named) : family.id
  const title = cutMiddle(name, LONGEST_TITLE, (part) => measure(part, text.name, 600))
  return { title, note: noteOf(family, provisional), id: family.id, family: place }
}

/** A block as large as what is in it. */
export function sized(title: Titled, nodes: Block['nodes'], edges: Block['edges'], style: Style): Block {
  const ends = nodes.map(({ x, label }) => x + GRID.labelGap + label.end)
  const width = ends.reduce((most, end) => Math.max(most, end), headWidth(title, style))
  const bottom = nodes.reduce((most: number, { y }) => Math.max(most, y), GRID.title)
  return { ...title, nodes, edges, width: Math.ceil(width), height: bottom + GRID.below }
}

export function headWidth({ title, note }: Titled, { text, measure }: Style): number {
  return measure(title, text.name, 600) + 8 + measure(note, text.name, 400)
}

/** The one relation of a family of two models of which neither is known to be first. */
export function undirectedPair({ trees, models, rooted }: Family): Relation | null {
  const link = trees[0]?.children[0]?.link
  return link && models.length === 2 && !rooted && !link.directed ? link : null
}

function shapeOf(model: GraphModel, link: Relation | null, rooted: boolean): NodeShape {
  if (model.kind !== 'model') return model.kind
  const placed = link ? link.directed || (rooted && sameNumbers(link)) : rooted
  return placed ? 'model' : 'unknown'
}

function countLevels(branch: Branch, levels: Map<string, number>, level = 0): void {
  levels.set(branch.model.id, level)
  for (const child of branch.children) countLevels(child, levels, level + 1)
}

function noteOf(family: Family, provisional: boolean): string {
  const { models, rooted } = family
  const pair = undirectedPair(family)
  const ghosts = models.filter(({ kind }) => kind === 'ghost').length
  const said = [
    count(models.length - ghosts, 'model'),
    ...(ghosts > 0 ? [words.ghosts(ghosts)] : []),
    ...(pair && pair.support < CERTAIN ? [percent(pair.support, NBSP)] : []),
    ...(pair && sameNumbers(pair) ? [words.sameNumbers] : rooted ? [] : [words.directionUnknown]),
  ].join(', ')
  return provisional ? `${said} ${words.soFar}` : said
}
