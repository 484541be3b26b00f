import type { BodySlot } from '../body.ts'
import { linkBetween, pairKey, type Link } from '../link.ts'
import { neighboursIn } from './correlation.ts'

/** A missing ancestor: what hangs around `near` really hangs around a point off it. Positions within the family. */
export interface Ghost {
  readonly near: number
  /** The neighbours of `near` that belong to the missing model, three or more. */
  readonly group: readonly number[]
  /** Neighbours of one of these that belong to it too: what they hung from stood in for it. */
  readonly joined: readonly { readonly node: number; readonly from: number }[]
}

/** Spread of the shared component over all pairs, as a coefficient of variation: measured .29 at most for a missing model. */
const MOST_SPREAD = 0.2
/** Below this mean cosine a shared component is not told from chance. */
const LEAST_COSINE = 0.2
/** The shared component is two-valued: what belongs to the ghost has it, what does not has none. */
const BELONGS = 0.75
const APART = 0.25
/** Half way between hanging from the ghost and from a neighbour of it. */
export const JOINS = 0.5
/** A member that is nothing but the shared component would be the ancestor itself. */
const WHOLE = 0.95

/**
 * Looks for a missing ancestor among the neighbours of a model in the tree (latent-tree learning on additive distances:
 * Choi, Tan, Anandkumar & Willsky 2011). If the neighbours i, j, … of v hang from a missing h, then
 * γ_ij = ⟨i − v, j − v⟩ = ‖h − v‖² is one constant for all pairs. Models trained alike share a drift instead, which grows
 * with each one's own step and is not constant; children of v itself share nothing.
 */
export function findGhost(
  neighbours: readonly number[],
  shared: (i: number, j: number) => number,
): readonly number[] | null {
  let best: { group: number[]; spread: number } | null = null
  for (const triple of triples(neighbours)) {
    if (!isConstant(triple, shared)) continue
    const constant = meanOverPairs(triple, shared)
    const group = neighbours.filter((i) => triple.includes(i) || triple.every((j) => shared(i, j) > BELONGS * constant))
    const spread = spreadOverPairs(group, shared)
    if (spread > MOST_SPREAD || !isTwoValued(group, neighbours, shared)) continue
    if (!best || group.length > best.group.length || (group.length === best.group.length && spread < best.spread)) {
      best = { group, spread }
    }
  }
  return best?.group ?? null
}

/**
 * The missing ancestors of a tree, none of them next to another.
 *
 * @param exempt derivatives: they hang from their sources whatever is missing
 */
export function findGhosts(
  body: readonly BodySlot[],
  nodes: number,
  tree: readonly Link[],
  exempt: ReadonlySet<number>,
): Ghost[] {
  const seen = neighboursIn(nodes, tree).flatMap((around, near) => {
    const neighbours = around.filter((node) => !exempt.has(node))
    const group = neighbours.length < 3 ? null : findGhost(neighbours, sharedComponent(body, near, neighbours))
    return group ? [{ near, group }] : []
  })
  const used = new Set<number>()
  const ghosts: Ghost[] = []
  // The larger group is the surer one.
  for (const { near, group } of seen.sort((a, b) => b.group.length - a.group.length)) {
    if ([near, ...group].some((node) => used.has(node))) continue
    const joined = findJoined(body, near, group, tree, exempt)
    ghosts.push({ near, group, joined })
    for (const node of [near, ...group, ...joined.map((link) => link.node)]) used.add(node)
  }
  return ghosts
}

function findJoined(
  body: readonly BodySlot[],
  near: number,
  group: readonly number[],
  tree: readonly Link[],
  exempt: ReadonlySet<number>,
): Ghost['joined'] {
  const around = [near, ...group]
  return tree.flatMap(({ a, b }) =>
    [
      { node: a, from: b },
      { node: b, from: a },
    ].filter(
      ({ node, from }) =>
        around.includes(from) &&
        !around.includes(node) &&
        !exempt.has(node) &&
        shareOfWay(sharedComponent(body, from, [node, ...around]), around, node, from) > JOINS,
    ),
  )
}

/**
 * How much of the way from one of those around a ghost to the ghost another model has gone too: all of it if it hangs from
 * the ghost, none if from that one.
 */
export function shareOfWay(
  shared: (i: number, j: number, weights?: Float64Array) => number,
  around: readonly number[],
  node: number,
  from: number,
  weights?: Float64Array,
): number {
  const others = around.filter((k) => k !== from)
  const gone = others.reduce((sum, k) => sum + shared(node, k, weights), 0) / others.length
  return gone / meanOverPairs(others, (i, j) => shared(i, j, weights))
}

/** Whether the test holds for a group as it stands: used in bootstrap replicates. */
export function isConstant(group: readonly number[], shared: (i: number, j: number) => number): boolean {
  const pairs = pairsOf(group)
  if (!pairs.every(([i, j]) => shared(i, j) > 0)) return false
  const cosine =
    pairs.reduce((sum, [i, j]) => sum + shared(i, j) / Math.sqrt(shared(i, i) * shared(j, j)), 0) / pairs.length
  return cosine > LEAST_COSINE && spreadOverPairs(group, shared) < MOST_SPREAD
}

function isTwoValued(
  group: readonly number[],
  all: readonly number[],
  shared: (i: number, j: number) => number,
): boolean {
  const constant = meanOverPairs(group, shared)
  return all.every((i) => {
    const towards = group.filter((j) => j !== i)
    const mean = towards.reduce((sum, j) => sum + shared(i, j), 0) / towards.length
    if (!group.includes(i)) return mean < APART * constant
    return mean > BELONGS * constant && constant < WHOLE * shared(i, i)
  })
}

/** γ_ij as seen from `v`, each slot counted `weights[slot]` times; γ_ii is the squared distance. */
export function sharedComponent(
  body: readonly BodySlot[],
  v: number,
  nodes: readonly number[],
): (i: number, j: number, weights?: Float64Array) => number {
  const link = new Map<string, Link>()
  const between = (a: number, b: number): Link => {
    const key = pairKey(a, b)
    const known = link.get(key) ?? linkBetween(body, a, b)
    link.set(key, known)
    return known
  }
  for (const node of nodes) between(v, node)
  return (i, j, weights) => {
    const toI = between(v, i).distances
    if (i === j) return toI.reduce((sum, d, slot) => sum + (Number.isNaN(d) ? 0 : (weights?.[slot] ?? 1) * d), 0)
    const toJ = between(v, j).distances
    const apart = between(i, j).distances
    let sum = 0
    for (let slot = 0; slot < apart.length; slot++) {
      const gamma = (toI[slot]! + toJ[slot]! - apart[slot]!) / 2
      if (!Number.isNaN(gamma)) sum += (weights?.[slot] ?? 1) * gamma
    }
    return sum
  }
}

function meanOverPairs(group: readonly number[], shared: (i: number, j: number) => number): number {
  const pairs = pairsOf(group)
  return pairs.reduce((sum, [i, j]) => sum + shared(i, j), 0) / pairs.length
}

function spreadOverPairs(group: readonly number[], shared: (i: number, j: number) => number): number {
  const mean = meanOverPairs(group, shared)
  const pairs = pairsOf(group)
  return Math.sqrt(pairs.reduce((sum, [i, j]) => sum + (shared(i, j) - mean) ** 2, 0) / pairs.length) / Math.abs(mean)
}

export function pairsOf(group: readonly number[]): [number, number][] {
  return group.flatMap((i, at) => group.slice(at + 1).map((j): [number, number] => [i, j]))
}

function triples(items: readonly number[]): [number, number, number][] {
  return items.flatMap((a, i) =>
    items.slice(i + 1).flatMap((b, j) => items.slice(i + j + 2).map((c): [number, number, number] => [a, b, c])),
  )
}
