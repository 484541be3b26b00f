import { columnsOf } from '../../../../src-main/export/svg/pack.ts'
import { GRID, type Block, type PlacedBlock } from './positions.ts'

/** px. */
const GUTTER = 40
const MOST_COLUMNS = 12

/** Room for the forest at 100 %, px. */
export interface Space {
  readonly width: number
  readonly height: number
  /** A corner at the top right that is to be kept free. */
  readonly corner?: { readonly width: number; readonly height: number }
}

export interface Packed {
  readonly width: number
  readonly height: number
  readonly blocks: readonly PlacedBlock[]
}

/**
 * Sets blocks one under the other and side by side, in their order, so that as much as can be is seen at once: some at
 * the top across the whole width, the others below in columns; of all such ways the one that needs to be shrunk least.
 */
export function pack(blocks: readonly Block[], space: Space): Packed {
  const most = Math.min(MOST_COLUMNS, Math.max(1, blocks.length))
  const ways = Array.from({ length: most }, (_, across) =>
    Array.from({ length: most - across }, (_, index) =>
      setBelow(blocks.slice(0, across), columnsOf(blocks.slice(across), index + 1)),
    ),
  )
  return ways.flat().reduce((best, next) => (scaleOf(next, space) > scaleOf(best, space) + 1e-9 ? next : best))
}

/** How much a sheet is shrunk to fit, 1 at most. */
export function scaleOf(sheet: Pick<Packed, 'width' | 'height' | 'blocks'>, space: Space): number {
  const whole = scaleIn(sheet, space.width, space.height)
  const { corner } = space
  if (!corner) return whole
  const free = space.width - corner.width
  const covered = sheet.blocks.some(({ x, y, width }) => y * whole < corner.height && (x + width) * whole > free)
  return covered ? scaleIn(sheet, free, space.height) : whole
}

function scaleIn(sheet: { readonly width: number; readonly height: number }, width: number, height: number): number {
  return Math.min(1, width / Math.max(1, sheet.width), height / Math.max(1, sheet.height))
}

/** Blocks across the whole width, then columns. */
function setBelow(across: readonly Block[], columns: readonly (readonly Block[])[]): Packed {
  const placed: PlacedBlock[] = []
  let y = 0
  for (const block of across) {
    placed.push({ ...block, x: GRID.margin, y, room: Infinity, ruleAbove: y > 0 ? Infinity : null, ruleLeft: null })
    y += block.height
  }
  let width = Math.max(0, ...across.map((block) => GRID.margin + block.width))
  let x: number = GRID.margin
  let bottom = y
  for (const [index, column] of columns.entries()) {
    const columnWidth = Math.max(0, ...column.map((block) => block.width))
    const last = index === columns.length - 1
    let below = y
    for (const block of column) {
      const ruleAbove = below === 0 ? null : last ? Infinity : columnWidth + GUTTER - GRID.margin / 2
      const room = last ? Infinity : columnWidth + GUTTER - GRID.margin
      placed.push({ ...block, x, y: below, room, ruleAbove, ruleLeft: index > 0 && below === y ? Infinity : null })
      below += block.height
    }
    bottom = Math.max(bottom, below)
    width = Math.max(width, x + columnWidth)
    x += columnWidth + GUTTER
  }
  return { width: width + GRID.margin, height: bottom, blocks: placed }
}
