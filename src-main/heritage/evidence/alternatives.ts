import type { Alternative } from '../../contract/evidence.ts'
import type { Graph, Relation } from '../../contract/graph.ts'
import { alignModels } from '../align/align.ts'
import { bodyOf } from '../body.ts'
import { measured } from '../describe.ts'
import type { HeritageModel } from '../types.ts'

/** How many models around a child are looked at: the next best parent is nearly always within two steps of it. */
const MOST_CANDIDATES = 12

/**
 * The models that could be the parent of a child in place of the recovered one: the nearest by steps of the recovered
 * graph, without ghosts, adapters and the child's own descendants.
 */
export function candidateParents(
  { models, relations }: Graph,
  { parent, child }: Pick<Relation, 'parent' | 'child'>,
): string[] {
  const kinds = new Map(models.map(({ id, kind }) => [id, kind]))
  const around = neighbours(relations)
  const excluded = descendants(relations, child)
  const reached = new Set([child])
  const found: string[] = []
  for (const id of reached) {
    if (found.length === MOST_CANDIDATES) break
    if (id !== child && id !== parent && kinds.get(id) === 'model') found.push(id)
    for (const next of around.get(id) ?? []) if (!excluded.has(next)) reached.add(next)
  }
  return found
}

function neighbours(relations: readonly Relation[]): ReadonlyMap<string, string[]> {
  const ends = relations.flatMap(({ parent, child }) => [
    [parent, child],
    [child, parent],
  ]) as [string, string][]
  return new Map([...Map.groupBy(ends, ([from]) => from)].map(([from, list]) => [from, list.map(([, to]) => to)]))
}

function descendants(relations: readonly Relation[], of: string): Set<string> {
  const children = Map.groupBy(
    relations.filter(({ directed }) => directed),
    ({ parent }) => parent,
  )
  const below = new Set<string>()
  const queue = [of]
  for (const id of queue) {
    for (const { child } of children.get(id) ?? []) {
      if (child === of || below.has(child)) continue
      below.add(child)
      queue.push(child)
    }
  }
  return below
}

/**
 * What each of some models would be as the parent of a child, the nearest first: ‖child − it‖ / ‖it‖ over what all of them
 * have in common.
 */
export function rankParents(child: HeritageModel, candidates: readonly HeritageModel[]): Alternative[] {
  const architecture = alignModels([child, ...candidates]).find(({ members }) => members.includes(0))
  if (!architecture || architecture.members.length < 2) return []
  const places = [...architecture.members.keys()]
  const body = bodyOf(architecture, places)
  const own = architecture.members.indexOf(0)
  return places
    .filter((place) => place !== own)
    .map((place) => ({
      model: candidates[architecture.members[place]! - 1]!.id,
      support: null,
      relativeChange: measured(body, place, own).relativeChange,
    }))
    .filter(({ relativeChange }) => Number.isFinite(relativeChange))
    .sort((a, b) => a.relativeChange - b.relativeChange || (a.model < b.model ? -1 : 1))
}
