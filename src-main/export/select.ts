import type { Graph } from '../contract/graph.ts'

/**
 * The part of a graph that holds some of its models: these, the relations among them, and the ghosts that hold them
 * together. A ghost at the rim, with a single link into the selection, is left out unless it was asked for. Families keep
 * their numbers; problems are left out.
 *
 * @param wanted ids; those that are in no graph do nothing
 */
export function selectModels(graph: Graph, wanted: ReadonlySet<string>): Graph {
  const kept = new Set(graph.models.filter(({ id, kind }) => kind === 'ghost' || wanted.has(id)).map(({ id }) => id))
  const inside = graph.relations.filter(({ parent, child }) => kept.has(parent) && kept.has(child))
  const around = new Map([...kept].map((id) => [id, new Set<string>()]))
  for (const { parent, child } of inside) {
    around.get(parent)!.add(child)
    around.get(child)!.add(parent)
  }
  const rim = (id: string): boolean => !wanted.has(id) && (around.get(id)?.size ?? 0) < 2
  // Taking one ghost away may lay bare the next.
  const queue = [...kept].filter(rim)
  for (const id of queue) {
    if (!kept.delete(id)) continue
    for (const other of around.get(id)!) {
      around.get(other)!.delete(id)
      if (kept.has(other) && rim(other)) queue.push(other)
    }
  }
  return {
    ...graph,
    models: graph.models.filter(({ id }) => kept.has(id)),
    relations: inside.filter(({ parent, child }) => kept.has(parent) && kept.has(child)),
    problems: [],
  }
}
