import type { Block, Layout, PlacedBlock } from './positions.ts'

/** px. */
const MARGIN = 16
const GUTTER = 40
const NARROWEST = 640
const MOST_COLUMNS = 8
const ASPECT = 1.4

/**
 * Sets blocks in columns, in their order, top to bottom and then left to right; of all numbers of columns the one whose
 * page comes nearest to a landscape sheet.
 */
export function pack(blocks: readonly Block[]): Layout {
  const sheets = Array.from({ length: Math.min(MOST_COLUMNS, Math.max(1, blocks.length)) }, (_, index) =>
    setColumns(columnsOf(blocks, index + 1)),
  )
  const oddness = ({ width, height }: Layout): number => Math.abs(Math.log(width / Math.max(height, 1) / ASPECT))
  return sheets.reduce((best, sheet) => (oddness(sheet) < oddness(best) ? sheet : best))
}

/** Splits blocks into at most `count` columns so that the tallest is as low as it can be. */
export function columnsOf<Block extends { readonly height: number }>(
  blocks: readonly Block[],
  count: number,
): Block[][] {
  const fill = (limit: number): Block[][] => {
    const columns: Block[][] = [[]]
    let height = 0
    for (const block of blocks) {
      if (height > 0 && height + block.height > limit) {
        columns.push([])
        height = 0
      }
      columns.at(-1)?.push(block)
      height += block.height
    }
    return columns
  }
  let low = Math.max(0, ...blocks.map(({ height }) => height))
  let high = blocks.reduce((sum, { height }) => sum + height, 0)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fill(middle).length <= count) high = middle
    else low = middle
  }
  return fill(low).length <= count ? fill(low) : fill(high)
}

function setColumns(columns: readonly (readonly Block[])[]): Layout {
  const blocks: PlacedBlock[] = []
  const dividers: number[] = []
  let x = MARGIN
  let height = 0
  for (const column of columns) {
    if (blocks.length > 0) dividers.push(x - GUTTER / 2)
    let y = 0
    for (const block of column) {
      blocks.push({ ...block, x, y })
      y += block.height
    }
    height = Math.max(height, y)
    x += Math.max(0, ...column.map(({ width }) => width)) + GUTTER
  }
  return { width: Math.max(NARROWEST, x - GUTTER + MARGIN), height, blocks, dividers }
}
