import type { Graph } from '../../contract/graph.ts'

/**
 * The next graph of a scan on its way, its families numbered as in the one before: a family that has most of its models in
 * common with an earlier one keeps that number, and with it place, colour and selection; new ones are numbered after all.
 */
export function keepFamilyNumbers(before: Graph, next: Graph): Graph {
  const familyBefore = new Map(before.models.map(({ id, family }) => [id, family]))
  const shared = new Map<string, { from: string; to: string; models: number }>()
  for (const { id, family, kind } of next.models) {
    const to = familyBefore.get(id)
    if (family === null || to == null || kind === 'ghost') continue
    const pair = shared.get(`${family} ${to}`) ?? { from: family, to, models: 0 }
    shared.set(`${family} ${to}`, pair)
    pair.models++
  }
  const numbers = new Map<string, string>()
  const taken = new Set<string>()
  for (const { from, to } of [...shared.values()].sort((a, b) => b.models - a.models)) {
    if (numbers.has(from) || taken.has(to)) continue
    numbers.set(from, to)
    taken.add(to)
  }
  let last = Math.max(0, ...before.models.map(({ family }) => numberOf(family)))
  const renamed = (family: string | null): string | null => {
    if (family === null) return null
    const known = numbers.get(family) ?? `family-${++last}`
    numbers.set(family, known)
    return known
  }
  return { ...next, models: next.models.map((model) => ({ ...model, family: renamed(model.family) })) }
}

function numberOf(family: string | null): number {
  return Number(family?.replace('family-', '') ?? 0)
}
