import { GRID, type Block, type PlacedBlock } from './positions.ts'

/** px. */
const GUTTER = 40
const MOST_COLUMNS = 12

/** Room for the forest at 100 %, px. */
export interface Space {
  readonly width: number
  readonly height: number
}

export interface Packed {
  readonly width: number
  readonly height: number
  readonly blocks: readonly PlacedBlock[]
}

/**
 * Sets blocks side by side and one under the other, in their order, so that as much as can be is seen at once: of all
 * numbers of columns, and of shelves that each take what fits beside their first block, the one that needs to be shrunk least.
 */
export function pack(blocks: readonly Block[], space: Space): Packed {
  const most = Math.min(MOST_COLUMNS, Math.max(1, blocks.length))
  const columns = Array.from({ length: most }, (_, index) => setColumns(columnsOf(blocks, index + 1)))
  return [...columns, setShelves(blocks, space.width)].reduce((best, next) =>
    scaleOf(next, space) > scaleOf(best, space) + 1e-9 ? next : best,
  )
}

/** How much a sheet is shrunk to fit, 1 at most. */
export function scaleOf({ width, height }: Space, space: Space): number {
  return Math.min(1, space.width / Math.max(1, width), space.height / Math.max(1, height))
}

/** Splits blocks into at most `count` columns so that the tallest is as low as it can be. */
function columnsOf(blocks: readonly Block[], count: number): Block[][] {
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

function setColumns(columns: readonly (readonly Block[])[]): Packed {
  const placed: PlacedBlock[] = []
  let x: number = GRID.margin
  let height = 0
  for (const [index, column] of columns.entries()) {
    const width = Math.max(0, ...column.map((block) => block.width))
    const last = index === columns.length - 1
    let y = 0
    for (const block of column) {
      const ruleAbove = y === 0 ? null : last ? Infinity : width + GUTTER
      placed.push({ ...block, x, y, ruleAbove, ruleLeft: index > 0 && y === 0 ? Infinity : null })
      y += block.height
    }
    height = Math.max(height, y)
    x += width + GUTTER
  }
  return { width: Math.max(0, x - GUTTER + GRID.margin), height, blocks: placed }
}

interface Shelf {
  readonly columns: Block[][]
  width: number
  height: number
}

/** Rows of columns: a block goes under the last one of its shelf, else beside it, else on a new shelf. */
function setShelves(blocks: readonly Block[], width: number): Packed {
  const shelves: Shelf[] = []
  for (const block of blocks) {
    const shelf = shelves.at(-1)
    const column = shelf?.columns.at(-1)
    const used = column?.reduce((sum, { height }) => sum + height, 0) ?? 0
    const columnWidth = Math.max(0, ...(column ?? []).map((other) => other.width))
    if (shelf && column && shelf.columns.length > 1 && used + block.height <= shelf.height && block.width <= columnWidth) {
      column.push(block)
    } else if (shelf && shelf.width + GUTTER + block.width + GRID.margin <= width) {
      shelf.columns.push([block])
      shelf.width += GUTTER + block.width
      shelf.height = Math.max(shelf.height, block.height)
    } else {
      shelves.push({ columns: [[block]], width: GRID.margin + block.width, height: block.height })
    }
  }
  const placed: PlacedBlock[] = []
  let y = 0
  for (const shelf of shelves) {
    for (const block of setColumns(shelf.columns).blocks) {
      const ruleAbove = block.y === 0 ? (y > 0 && block.x === GRID.margin ? Infinity : null) : block.ruleAbove
      placed.push({ ...block, y: y + block.y, ruleAbove, ruleLeft: block.ruleLeft === null ? null : shelf.height })
    }
    y += shelf.height
  }
  return { width: Math.max(0, ...shelves.map((shelf) => shelf.width)) + GRID.margin, height: y, blocks: placed }
}
