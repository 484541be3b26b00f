import type { FolderView } from '../../../../src-main/contract/folders.ts'
import type { GraphModel, Relation } from '../../../../src-main/contract/graph.ts'
import { forestOf } from '../../../../src-main/export/forest.ts'
import { rowsOf } from '../../../../src-main/export/svg/tree.ts'
import { declaredRelations } from './declared.ts'

/** One row on one side: a model at its depth in the tree. */
export interface TangleNode {
  readonly model: GraphModel
  readonly row: number
  /** Steps from the top of its tree. */
  readonly depth: number
}

/** A line of a tree, from the row of the parent to that of the child. */
export interface TangleEdge {
  readonly parent: TangleNode
  readonly child: TangleNode
  readonly relation: Relation
}

export interface TangleSide {
  /** From top to bottom. */
  readonly nodes: readonly TangleNode[]
  readonly edges: readonly TangleEdge[]
  readonly depth: number
}

/** Models that are joined by a claim or a relation: two trees of the same models. */
export interface Tangle {
  /** Of its first model; unique. */
  readonly id: string
  readonly declared: TangleSide
  readonly recovered: TangleSide
}

/** Id of the element of a model on the left; an id holds no spaces. */
export function optionId(model: string): string {
  return `claim-${encodeURIComponent(model)}`
}

/** px between two steps of the trees that `rowsOf` places; only their number matters here. */
const STEP = 64

/**
 * Both trees of everything that is declared or recovered, in the order of the graph: large families first. Models that no
 * claim and no relation touches are left out.
 */
export function tanglesOf(view: FolderView): Tangle[] {
  const { graph } = view
  const declared = declaredRelations(view)
  const groups = joined(graph.models, [...graph.relations, ...declared.relations])
  const place = (id: string | null): number => view.families.findIndex((family) => family.id === id)
  return groups
    .filter((models) => models.length > 1 || view.claims[models[0]!.id])
    .toSorted((a, b) => order(place(a[0]!.family)) - order(place(b[0]!.family)))
    .map((models) => {
      const ids = new Set(models.map(({ id }) => id))
      const within = (relations: readonly Relation[]): Relation[] => relations.filter(({ child }) => ids.has(child))
      const named = within(declared.relations)
      const absent = declared.absent.filter(({ id }) => named.some(({ parent }) => parent === id))
      const files = models.filter(({ kind }) => kind !== 'ghost')
      return {
        id: models[0]!.id,
        declared: sideOf([...files, ...absent], named),
        recovered: sideOf(models, within(graph.relations)),
      }
    })
}

function order(place: number): number {
  return place < 0 ? Number.MAX_SAFE_INTEGER : place
}

function sideOf(models: readonly GraphModel[], relations: readonly Relation[]): TangleSide {
  const together = models.map((model) => ({ ...model, family: '' }))
  const { families } = forestOf({ schema: 'heirloom/graph@1', models: together, relations, verdicts: [], problems: [] })
  const byId = new Map(models.map((model) => [model.id, model]))
  const rows = rowsOf(families[0]?.trees ?? [], 'steps', 0)
  const nodes = rows.map(({ branch, x }, row): TangleNode => ({
    model: byId.get(branch.model.id)!,
    row,
    depth: Math.round(x / STEP),
  }))
  const nodeOf = new Map(nodes.map((node) => [node.model.id, node]))
  const edges = rows.flatMap(({ branch, parent }): TangleEdge[] => {
    const child = nodeOf.get(branch.model.id)!
    const links = branch.link && parent !== null ? [{ from: parent, relation: branch.link }] : []
    const others = branch.others.map((relation) => ({ from: relation.parent, relation }))
    return [...links, ...others].flatMap(({ from, relation }) => {
      const above = nodeOf.get(from)
      // A further parent that stands no farther out has no way to its child but across other rows.
      return above && above.depth < child.depth ? { parent: above, child, relation } : []
    })
  })
  return { nodes, edges, depth: Math.max(0, ...nodes.map(({ depth }) => depth)) }
}

/** Models in groups that hang together, each in the order of the graph. */
function joined(models: readonly GraphModel[], relations: readonly Relation[]): GraphModel[][] {
  const leader = new Map(models.map(({ id }) => [id, id]))
  const find = (id: string): string => {
    let top = id
    while (leader.get(top) !== top) top = leader.get(top)!
    leader.set(id, top)
    return top
  }
  for (const { parent, child } of relations) {
    if (leader.has(parent) && leader.has(child)) leader.set(find(parent), find(child))
  }
  return [...Map.groupBy(models, ({ id }) => find(id)).values()]
}
