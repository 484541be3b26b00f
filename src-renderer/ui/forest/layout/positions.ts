import type { Relation } from '../../../../src-main/contract/graph.ts'
import type { PlacedNode } from '../../../../src-main/export/svg/positions.ts'

/** px. `title`: height of a block's title; `labelGap`: from the centre of a node to its label. */
export const GRID = { margin: 16, title: 32, below: 12, rootX: 4, labelGap: 12, bracket: 24 } as const

/** Heights of a row in px, roomiest first. */
export const ROW_HEIGHTS = [20, 16, 12] as const

/** A node where it stands, its centre in px. Its label lies from `label.x` to `label.end`, counted from `labelGap` beside it. */
export interface ForestNode extends PlacedNode {
  /** Place of its family; null without a relative. */
  readonly family: number | null
  /** The node it hangs from, null at the top. */
  readonly parent: string | null
  /** Generations above it. */
  readonly level: number
  /** Every model that it stands for: itself, or the whole run of checkpoints. */
  readonly members: readonly string[]
  /** Descendants that are folded away. */
  readonly hidden: readonly string[]
  /** Whether anything hangs from it, folded or not. */
  readonly foldable: boolean
  /** Where its label runs, in radians clockwise from "to the right". */
  readonly turn: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** A line as it is drawn: x0 y0 x1 y1 …, its corners to be rounded. */
export type Polyline = readonly number[]

export interface ForestEdge {
  readonly relation: Relation
  /** The nodes that it joins. An undirected relation may run either way. */
  readonly from: string
  readonly to: string
  /** With a gap where the mark stands. */
  readonly pieces: readonly Polyline[]
  /** Centre of the type's mark; null where there is none. */
  readonly mark: Point | null
  /** Tip and direction in radians; null where the direction is not known. */
  readonly arrow: (Point & { readonly turn: number }) | null
  /** Two strokes across a line that is shorter than its relative change. */
  readonly broken: (Point & { readonly turn: number }) | null
  /** The line of a parent that stands elsewhere. */
  readonly faint: boolean
}

/** A titled group of nodes; inside it, from its own corner. */
export interface Block {
  readonly title: string
  readonly note: string
  /** `family-N`; null for the models without a relative. */
  readonly id: string | null
  readonly family: number | null
  /** In the order of the rows. */
  readonly nodes: readonly ForestNode[]
  readonly edges: readonly ForestEdge[]
  readonly width: number
  readonly height: number
}

/** A block on the sheet, and the hairlines that part it from its neighbours. */
export interface PlacedBlock extends Block {
  readonly x: number
  readonly y: number
  /** For its title, from `x` to what stands beside it; Infinity to the end of the sheet. */
  readonly room: number
  /** Length of the hairline above, from `x - margin`; Infinity to the end of the sheet; null at the top. */
  readonly ruleAbove: number | null
  /** Length of the hairline at the left, from `y`; Infinity to the end of the sheet; null at the left. */
  readonly ruleLeft: number | null
}

/** Everything in its place, in px from the corner of the sheet. */
export interface Sheet {
  readonly width: number
  readonly height: number
  readonly rowHeight: number
  readonly blocks: readonly PlacedBlock[]
  /** In the order of blocks and rows. */
  readonly nodes: readonly ForestNode[]
  readonly edges: readonly ForestEdge[]
  readonly byId: ReadonlyMap<string, ForestNode>
  /** The node that stands for a model: its own, that of its run, or the one that it is folded into. */
  readonly standIn: ReadonlyMap<string, string>
}
