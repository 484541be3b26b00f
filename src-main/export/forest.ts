import type { Graph, GraphModel, Relation } from '../contract/graph.ts'

/** A model in its family's tree. */
export interface Branch {
  readonly model: GraphModel
  /** The relation to the branch above; null at the top. An undirected one may name this model as its parent. */
  readonly link: Relation | null
  /** Further relations that name this model as the child: the lighter parents of a merge. */
  readonly others: readonly Relation[]
  /** In natural order of their ids: part-2 before part-10. */
  readonly children: readonly Branch[]
}

export interface Family {
  readonly id: string
  /** One, as a family hangs together; more only where the graph lacks the relations that join it. */
  readonly trees: readonly Branch[]
  readonly models: readonly GraphModel[]
  /** True where the weights show which model the others descend from. */
  readonly rooted: boolean
}

export interface Forest {
  readonly families: readonly Family[]
  readonly unrelated: readonly GraphModel[]
}

const COLLATOR = new Intl.Collator('en', { numeric: true })

/** Natural order, the same for every order of the input. */
export function compareNames(a: string, b: string): number {
  return COLLATOR.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

/**
 * Arranges a graph as trees to print or draw. A child with several parents hangs under its heaviest (largest weight,
 * then support). A family without a known root hangs from its best connected model: a choice of drawing, not a claim.
 */
export function forestOf(graph: Graph): Forest {
  const models = [...graph.models].sort((a, b) => compareNames(a.id, b.id))
  const familyOf = new Map(models.map((model) => [model.id, model.family]))
  const within = graph.relations.filter(
    ({ parent, child }) => parent !== child && familyOf.get(child) === familyOf.get(parent),
  )
  const relations = Map.groupBy(within, ({ child }) => familyOf.get(child))
  const groups = Map.groupBy(models, ({ family }) => family)
  const families = [...groups].flatMap(([id, members]) =>
    id === null
      ? []
      : {
          id,
          trees: plant(members, relations.get(id) ?? []),
          models: members,
          rooted: members.some(({ root }) => root),
        },
  )
  return { families: families.sort((a, b) => compareNames(a.id, b.id)), unrelated: groups.get(null) ?? [] }
}

function plant(models: readonly GraphModel[], relations: readonly Relation[]): Branch[] {
  const byId = new Map(models.map((model) => [model.id, model]))
  const links = new Links(relations)
  const seen = new Set<string>()
  const used = new Set<Relation>()
  const grow = (model: GraphModel, link: Relation | null): Branch => {
    seen.add(model.id)
    if (link) used.add(link)
    const children: Branch[] = []
    for (const [id, relation] of links.below(model.id)) {
      const child = byId.get(id)
      if (child && !seen.has(id)) children.push(grow(child, relation))
    }
    return { model, link, others: links.into(model.id), children }
  }
  const trees: Branch[] = []
  for (const model of models) {
    if (!seen.has(model.id)) trees.push(grow(topAbove(model, byId, links, seen), null))
  }
  return trees.map((tree) => withoutUsed(tree, used))
}

function withoutUsed(branch: Branch, used: ReadonlySet<Relation>): Branch {
  return {
    ...branch,
    others: branch.others.filter((relation) => !used.has(relation)),
    children: branch.children.map((child) => withoutUsed(child, used)),
  }
}

/** Climbs directed relations, and walks undirected ones, to where nothing lies above; of equals the best connected. */
function topAbove(start: GraphModel, byId: Map<string, GraphModel>, links: Links, taken: Set<string>): GraphModel {
  const seen = new Set(taken)
  let group: GraphModel[] = []
  let next: GraphModel | undefined = start
  while (next) {
    group = []
    const queue: GraphModel[] = [next]
    seen.add(next.id)
    next = undefined
    for (let model = queue.pop(); model; model = queue.pop()) {
      group.push(model)
      for (const id of links.beside(model.id)) {
        const other = byId.get(id)
        if (!other || seen.has(id)) continue
        seen.add(id)
        queue.push(other)
      }
    }
    for (const model of group) {
      const above = links.above(model.id)
      if (above !== undefined && !seen.has(above)) next ??= byId.get(above)
    }
  }
  const rank = (model: GraphModel): number => (model.root ? Number.MAX_VALUE : links.degree(model.id))
  return group.reduce((best, model) =>
    (rank(model) - rank(best) || compareNames(best.id, model.id)) > 0 ? model : best,
  )
}

/** The relations of one family, by the models they touch. */
class Links {
  readonly #touching: ReadonlyMap<string, readonly Relation[]>
  readonly #directedParent = new Map<string, Relation>()

  constructor(relations: readonly Relation[]) {
    const heaviestFirst = [...relations].sort(
      (a, b) => (b.weight ?? 0) - (a.weight ?? 0) || b.support - a.support || compareNames(a.parent, b.parent),
    )
    const ends = heaviestFirst.flatMap((relation) => [
      { id: relation.parent, relation },
      { id: relation.child, relation },
    ])
    const grouped = Map.groupBy(ends, ({ id }) => id)
    this.#touching = new Map([...grouped].map(([id, list]) => [id, list.map(({ relation }) => relation)]))
    for (const relation of heaviestFirst) {
      if (!relation.directed || this.#directedParent.has(relation.child)) continue
      this.#directedParent.set(relation.child, relation)
    }
  }

  above(id: string): string | undefined {
    return this.#directedParent.get(id)?.parent
  }

  beside(id: string): string[] {
    return this.#around(id).flatMap((relation) => (relation.directed ? [] : otherEnd(relation, id)))
  }

  /** The models that may hang under `id`, with the relation that holds them, in natural order. */
  below(id: string): [string, Relation][] {
    const holds = (relation: Relation): boolean => this.#directedParent.get(relation.child) === relation
    return this.#around(id)
      .filter((relation) => !relation.directed || (relation.parent === id && holds(relation)))
      .map((relation): [string, Relation] => [otherEnd(relation, id), relation])
      .sort(([a], [b]) => compareNames(a, b))
  }

  into(id: string): Relation[] {
    return this.#around(id).filter((relation) => relation.child === id)
  }

  degree(id: string): number {
    return this.#around(id).length
  }

  #around(id: string): readonly Relation[] {
    return this.#touching.get(id) ?? []
  }
}

function otherEnd(relation: Relation, id: string): string {
  return relation.parent === id ? relation.child : relation.parent
}
