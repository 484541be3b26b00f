import type { Graph } from '../../../../src-main/contract/graph.ts'
import { modelName } from '../../../../src-main/contract/words.ts'
import { compareNames, type Family } from '../../../../src-main/export/forest.ts'
import type { Measure } from '../../../../src-main/export/svg/measure.ts'
import type { Layout } from '../../stores/view.ts'
import { rowsBlock, unrelatedBlock, type Style } from './family.ts'
import { textSize } from './label.ts'
import { moved } from './move.ts'
import { pack, scaleOf, type Packed, type Space } from './pack.ts'
import { GRID, ROW_HEIGHTS, type Block, type ForestNode, type Sheet } from './positions.ts'
import { radialBlock } from './radial.ts'
import { topDownBlock } from './top-down.ts'
import { shownForest, type Shown, type ShownForest } from './trees.ts'

export interface LayoutOptions extends Shown {
  readonly layout: Layout
  /** Room at 100 %, px. */
  readonly space: Space
  readonly measure: Measure
  /** True while a scan may still change the families. */
  readonly provisional: boolean
}

/** Where even the lowest rows do not fit there is no point in them. */
const [ROOMY, MIDDLE, LOW] = ROW_HEIGHTS

const BLOCKS: Readonly<Record<Layout, (family: Family, place: number, style: Style) => Block>> = {
  change: (family, place, style) => rowsBlock(family, place, 'change', style),
  steps: (family, place, style) => rowsBlock(family, place, 'steps', style),
  'top-down': topDownBlock,
  radial: radialBlock,
}

/**
 * Positions of everything in px, from the data and what the user chose to see; never from what is selected. Rows are
 * 20 px high, 16 or 12 where then the whole forest fits the space, and 16 where nothing makes it fit.
 */
export function layoutForest(graph: Graph, options: LayoutOptions): Sheet {
  const forest = shownForest(graph, options)
  // A family keeps its place, and so its colour, when it alone is shown.
  const ids = [...new Set(graph.models.flatMap(({ family }) => family ?? []))].sort(compareNames)
  const places = new Map(ids.map((id, place) => [id, place]))
  const names = new Map(graph.models.map((model) => [model.id, modelName(model)]))
  const at = (rowHeight: number): Packed => pack(blocksOf(forest, places, names, rowHeight, options), options.space)
  const roomy = at(ROOMY)
  const scale = scaleOf(roomy, options.space)
  const bends = options.layout === 'top-down' || options.layout === 'radial'
  if (bends || scale === 1) return sheetOf(roomy, ROOMY, forest)
  if (scale < LOW / ROOMY - 0.1) return sheetOf(at(MIDDLE), MIDDLE, forest)
  const middle = at(MIDDLE)
  if (scaleOf(middle, options.space) === 1) return sheetOf(middle, MIDDLE, forest)
  const low = at(LOW)
  return scaleOf(low, options.space) === 1 ? sheetOf(low, LOW, forest) : sheetOf(middle, MIDDLE, forest)
}

function blocksOf(
  forest: ShownForest,
  places: ReadonlyMap<string, number>,
  names: ReadonlyMap<string, string>,
  rowHeight: number,
  { layout, measure, provisional, space }: LayoutOptions,
): Block[] {
  const text = textSize(rowHeight)
  const style: Style = { rowHeight, text, measure, names, folded: forest.folded, provisional }
  const blocks = forest.families.map((family) => BLOCKS[layout](family, places.get(family.id) ?? 0, style))
  const width = space.width - (space.corner?.width ?? 0) - 2 * GRID.margin
  return forest.unrelated.length > 0
    ? [...blocks, unrelatedBlock(forest.unrelated, style, { width, height: space.height })]
    : blocks
}

function sheetOf({ width, height, blocks }: Packed, rowHeight: number, { folded }: ShownForest): Sheet {
  const placed = blocks.map((block) => moved(block, block.x, block.y))
  const nodes = placed.flatMap((block) => block.nodes)
  const standIn = new Map<string, string>()
  for (const { model, members } of nodes) {
    for (const id of [...members, ...(folded.get(model.id)?.hidden ?? [])]) standIn.set(id, model.id)
  }
  return {
    width,
    height,
    rowHeight,
    blocks: placed,
    nodes,
    edges: placed.flatMap((block) => block.edges),
    byId: new Map(nodes.map((node): [string, ForestNode] => [node.model.id, node])),
    standIn,
  }
}
