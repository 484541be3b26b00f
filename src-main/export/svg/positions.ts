import type { GraphModel, Relation } from '../../contract/graph.ts'
import type { Label } from './label.ts'

/** What x means: the same step for every generation, or the relative change of each relation. */
export type Branches = 'steps' | 'change'

export type NodeShape = 'model' | 'adapter' | 'ghost' | 'unknown'

export interface PlacedNode {
  readonly model: GraphModel
  readonly shape: NodeShape
  /** Centre, in px from the corner of the block. */
  readonly x: number
  readonly y: number
  readonly label: Label
}

/** A titled group of nodes: a family, or models without a relative. */
export interface Block {
  readonly title: string
  readonly note: string
  /** Place of the family among the families; null where the models are not related. */
  readonly family: number | null
  readonly nodes: readonly PlacedNode[]
  readonly edges: readonly PlacedEdge[]
  readonly width: number
  readonly height: number
}

export interface PlacedBlock extends Block {
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly blocks: readonly PlacedBlock[]
  /** Where one column of blocks ends and the next begins. */
  readonly dividers: readonly number[]
}

export interface PlacedEdge {
  readonly relation: Relation
  readonly from: PlacedNode
  readonly to: PlacedNode
  /**
   * `branch`: up or down and across. `bracket`: two models one under the other, neither in front. `join`: across into the
   * line of the heavier parent of a merge. `stub`: from a parent that no line can reach; the label names it.
   */
  readonly path: 'branch' | 'bracket' | 'join' | 'stub'
  /** True for both lines of a merge that meet before its node. */
  readonly merged: boolean
  readonly shortened: boolean
}
