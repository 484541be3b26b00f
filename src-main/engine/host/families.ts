import type { FamilySummary } from '../../contract/folders.ts'
import type { Graph, GraphModel } from '../../contract/graph.ts'

const SHORTEST_COMMON_NAME = 3

/** The families of a graph, in the order of their numbers. */
export function summariseFamilies({ models, relations }: Graph): FamilySummary[] {
  const members = new Map<string, GraphModel[]>()
  for (const model of models) {
    if (model.family === null) continue
    const family = members.get(model.family) ?? []
    members.set(model.family, family)
    family.push(model)
  }
  const parents = new Map<string, string[]>()
  for (const { parent, child } of relations) parents.set(child, [...(parents.get(child) ?? []), parent])
  const depth = depths(parents)
  return [...members]
    .map(([id, family]): FamilySummary => {
      const present = family.filter(({ kind }) => kind !== 'ghost')
      return {
        id,
        name: familyName(family),
        members: present.length,
        ghosts: family.length - present.length,
        bytes: present.reduce((sum, { bytes }) => sum + bytes, 0),
        depth: Math.max(...family.map((model) => depth(model.id))),
      }
    })
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
}

/** Of its root; where that is missing or not known, what the names of the members begin with. */
function familyName(family: readonly GraphModel[]): string {
  const root = family.find((model) => model.root && model.kind !== 'ghost')
  if (root) return lastPart(root.path)
  const names = family.filter(({ kind }) => kind === 'model').map(({ path }) => lastPart(path))
  const common = commonStart(names)
  return common.length >= SHORTEST_COMMON_NAME ? common : (names[0] ?? family[0]!.id)
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Up to the last whole word that all begin with. */
function commonStart(names: readonly string[]): string {
  const [first = ''] = names
  let length = first.length
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length--
  const inWord = names.some((name) => /[\p{L}\p{N}]/u.test(name[length] ?? ''))
  const common = first.slice(0, length)
  return (inWord ? common.replace(/[\p{L}\p{N}]+$/u, '') : common).replace(/[^\p{L}\p{N}]+$/u, '')
}

/** Steps up to the farthest ancestor, without recursion: chains may be long. */
function depths(parents: ReadonlyMap<string, readonly string[]>): (id: string) => number {
  const known = new Map<string, number>()
  return (id) => {
    const stack = [id]
    const open = new Set<string>()
    while (stack.length > 0) {
      const top = stack.at(-1)!
      open.add(top)
      const above = parents.get(top) ?? []
      const missing = above.filter((parent) => !known.has(parent) && !open.has(parent))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      if (!known.has(top)) known.set(top, Math.max(0, ...above.map((parent) => (known.get(parent) ?? 0) + 1)))
    }
    return known.get(id)!
  }
}
