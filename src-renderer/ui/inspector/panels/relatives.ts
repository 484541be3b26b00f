import type { Graph, Relation } from '../../../../src-main/contract/graph.ts'

/** A model beside another, and what lies between them. */
export interface Relative {
  readonly id: string
  readonly relation: Relation
}

export interface Relatives {
  /** Heaviest first, where it is a merge. */
  readonly parents: readonly Relative[]
  readonly children: readonly Relative[]
  /** Where the weights do not show which of the two came first. */
  readonly beside: readonly Relative[]
}

/** The next relatives of a model. */
export function relativesOf({ relations }: Graph, model: string): Relatives {
  const parents: Relative[] = []
  const children: Relative[] = []
  const beside: Relative[] = []
  for (const relation of relations) {
    if (relation.child === model) (relation.directed ? parents : beside).push({ id: relation.parent, relation })
    else if (relation.parent === model) (relation.directed ? children : beside).push({ id: relation.child, relation })
  }
  const weight = ({ relation }: Relative): number => relation.weight ?? 0
  return { parents: parents.toSorted((a, b) => weight(b) - weight(a)), children, beside }
}

export interface FamilyFacts {
  /** Number of members by kind, and of relations by type; the most first. */
  readonly kinds: readonly (readonly [string, number])[]
  readonly types: readonly (readonly [string, number])[]
  readonly root: string | null
  /** Least probability with which a line points away from the root; null where none leaves it or none is known. */
  readonly rootSupport: number | null
  /** Ids of missing ancestors, with how many children each has. */
  readonly ghosts: readonly (readonly [string, number])[]
  readonly undirected: readonly Relation[]
  /** Relations below the support at which a line is drawn full, least first. */
  readonly unsure: readonly Relation[]
}

/** What the graph says about one family as a whole. */
export function familyFacts(graph: Graph, family: string, certain: number): FamilyFacts {
  const members = graph.models.filter((model) => model.family === family)
  const ids = new Set(members.map(({ id }) => id))
  const relations = graph.relations.filter(({ child }) => ids.has(child))
  const root = members.find((model) => model.root)?.id ?? null
  const leaving = relations.filter(({ parent, directed }) => parent === root && directed)
  const shares = leaving.flatMap(({ directionSupport }) => directionSupport ?? [])
  return {
    kinds: counted(members.map(({ kind }) => kind)),
    types: counted(relations.map(({ type }) => type)),
    root,
    rootSupport: shares.length > 0 ? Math.min(...shares) : null,
    ghosts: members
      .filter(({ kind }) => kind === 'ghost')
      .map(({ id }) => [id, relations.filter(({ parent }) => parent === id).length]),
    undirected: relations.filter(({ directed }) => !directed),
    unsure: relations.filter(({ support }) => support < certain).toSorted((a, b) => a.support - b.support),
  }
}

function counted(values: readonly string[]): (readonly [string, number])[] {
  const groups = Map.groupBy(values, (value) => value)
  return [...groups].map(([value, list]) => [value, list.length] as const).toSorted((a, b) => b[1] - a[1])
}
