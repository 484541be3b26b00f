import type { RelationType } from '../../contract/graph.ts'
import type { Architecture } from '../align/align.ts'
import type { Heritage } from '../types.ts'

/** A model that an adapter may belong to. */
export interface Candidate {
  /** Position in the list of models. */
  readonly model: number
  /** Position within the architecture. */
  readonly member: number
  /** Links between it and the root of its family; 0 for all where that is not known. */
  readonly depth: number
  /** Its numbers are those of another model, or follow from them without training: it is no base of its own. */
  readonly derived: boolean
}

const DERIVED: ReadonlySet<RelationType> = new Set([
  'copy',
  'renamed',
  'cast',
  'quantized',
  'pruned',
  'resized',
  'layers-dropped',
])

/** The families of one architecture, models without relatives as families of one; each sorted from the root down. */
export function kinOf({ members }: Architecture, { families, relations }: Heritage): Candidate[][] {
  const familyOf = new Map(families.flatMap((family) => family.members.map((model) => [model, family] as const)))
  const derived = new Set(relations.filter(({ type }) => DERIVED.has(type)).map(({ child }) => child))
  const groups = Map.groupBy(members.keys(), (member) => familyOf.get(members[member]!) ?? member)
  return [...groups].map(([family, positions]) => {
    const depths = typeof family === 'number' || family.root === null ? null : depthsFrom(family.root, relations)
    return positions
      .map((member): Candidate => {
        const model = members[member]!
        return { model, member, depth: depths?.get(model) ?? 0, derived: derived.has(model) }
      })
      .sort((a, b) => a.depth - b.depth || a.model - b.model)
  })
}

/** The number of links from the root to each node that hangs together with it, whichever way they point. */
function depthsFrom(root: number, relations: Heritage['relations']): Map<number, number> {
  const depths = new Map([[root, 0]])
  for (const [node, depth] of depths) {
    for (const { parent, child } of relations) {
      const other = parent === node ? child : child === node ? parent : node
      if (!depths.has(other)) depths.set(other, depth + 1)
    }
  }
  return depths
}
