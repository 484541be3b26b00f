import type { Graph, Relation, RelationType } from '../contract/graph.ts'

/** Who descends from whom, as far as the weights show it. */
export interface Ancestry {
  /** Steps from a model up to an ancestor along directed relations and equal weights; null where it is none. */
  stepsUp(model: string, ancestor: string): number | null
  /** Of the relation between two models, null without one. */
  typeBetween(parent: string, child: string): RelationType | null
  /** Whether two models are linked without a known direction. */
  linkedUndirected(a: string, b: string): boolean
  /** Whether it is known what lies above a model: no link of its lineage lacks a direction. */
  isLineageKnown(model: string): boolean
}

export function ancestryOf({ relations }: Graph): Ancestry {
  const touching = new Map<string, Relation[]>()
  for (const relation of relations) {
    for (const id of new Set([relation.parent, relation.child])) {
      touching.set(id, [...(touching.get(id) ?? []), relation])
    }
  }
  const around = (id: string): readonly Relation[] => touching.get(id) ?? []
  const between = (a: string, b: string): Relation | undefined =>
    around(a).find(({ parent, child }) => (parent === a && child === b) || (parent === b && child === a))
  /** Every ancestor with its steps, and the model itself. */
  const stepsAbove = (model: string): Map<string, number> => {
    const steps = new Map([[model, 0]])
    for (const [id, own] of steps) {
      for (const relation of around(id)) {
        const { parent, child } = relation
        // A copy stands in for what it is a copy of.
        const twin = isTwin(relation) ? (parent === id ? child : parent) : null
        const above = relation.directed && child === id ? parent : twin
        if (above !== null && !steps.has(above)) steps.set(above, own + 1)
      }
    }
    return steps
  }
  return {
    stepsUp(model, ancestor) {
      const found = stepsAbove(model).get(ancestor)
      return found === undefined || found === 0 ? null : found
    },
    typeBetween: (parent, child) => between(parent, child)?.type ?? null,
    linkedUndirected: (a, b) => between(a, b)?.directed === false,
    isLineageKnown: (model) =>
      [...stepsAbove(model).keys()].every((id) => around(id).every((link) => link.directed || isTwin(link))),
  }
}

function isTwin({ type }: Relation): boolean {
  return type === 'copy' || type === 'renamed'
}
