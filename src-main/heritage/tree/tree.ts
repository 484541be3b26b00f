import type { BodySlot } from '../body.ts'
import { candidateLinks, type ForcedLink } from './candidate-links.ts'
import { directionEvidence } from './direction.ts'
import { findGhosts, ghostEvidence, isConstant, JOINS, sharedComponent, shareOfWay, type Ghost } from './ghost.ts'
import { pairKey, totalDistance, type Link } from '../link.ts'
import { rehang } from './rehang.ts'
import { minimumSpanningTree } from './spanning-tree.ts'
import { rootAndSupport, type Edge, type TreeLink } from './support.ts'
import { unhook, type HookedLink } from './unhook.ts'

/** The tree of a family, pointing away from its root. Positions within the family; ghosts follow after it. */
export interface FamilyTree {
  readonly links: readonly TreeLink[]
  readonly ghosts: readonly Ghost[]
  readonly root: number
}

/**
 * The tree of one family: the minimum spanning tree on squared distances, which are additive along a tree because an
 * update is nearly orthogonal to what came before; with links moved where exact numbers or annealed noise say so, and
 * with ancestors that are missing put in; rooted and supported by resampling (support.ts).
 *
 * @param layers number of layers of each member
 * @param root where it is known already
 */
export function familyTree(
  body: readonly BodySlot[],
  nodes: number,
  forced: readonly ForcedLink[],
  layers: readonly number[],
  root?: number,
): FamilyTree {
  const links = candidateLinks(body, nodes, forced)
  const exact = new Set(forced.map(([a, b]) => pairKey(a, b)))
  const isExact = links.map(({ a, b }) => exact.has(pairKey(a, b)))
  const span = (weights?: Float64Array): number[] => {
    // A derivation comes first whatever its length.
    const lengths = links.map((link, i) => (isExact[i] ? -1 : totalDistance(body, link, weights)))
    return minimumSpanningTree(nodes, links, lengths)
  }
  const hooked = rehang(unhook(body, nodes, links, span(), forced), forced, body)
  const tree = hooked.map(({ link }) => link)
  const ghosts = findGhosts(body, nodes, tree, new Set(forced.map(([, child]) => child)))

  // In a replicate a derivative is as good as its source: which of the two it is was decided by exact numbers.
  const sources = new Map(forced.map(([source, derivative]) => [derivative, source]))
  const kinds = links.map(({ a, b }) => pairKey(sourceOf(sources, a), sourceOf(sources, b)))
  const edges = [
    ...withoutGhostLinks(hooked, ghosts).map(({ link, index }): Edge => {
      const evidence = directionEvidence(link, body, proofOf(link, forced, layers))
      return { a: link.a, b: link.b, evidence, holds: (drawn) => drawn.has(kinds[index]!) }
    }),
    ...ghosts.flatMap((ghost, i) => ghostEdges(body, ghost, nodes + i)),
  ]
  const draw = (weights: Float64Array): Set<string> => new Set(span(weights).map((index) => kinds[index]!))
  return { ...rootAndSupport(edges, nodes + ghosts.length, body.length, draw, root), ghosts }
}

/** Infinity where a must be the older of the two, -Infinity where b must, else 0. */
function proofOf({ a, b }: Link, forced: readonly ForcedLink[], layers: readonly number[]): number {
  if (forced.some(([parent, child]) => parent === a && child === b)) return Infinity
  if (forced.some(([parent, child]) => parent === b && child === a)) return -Infinity
  // Layers are left out, not put in.
  return layers[a] === layers[b] ? 0 : layers[a]! > layers[b]! ? Infinity : -Infinity
}

/** The links whose place no ghost takes. */
function withoutGhostLinks(tree: readonly HookedLink[], ghosts: readonly Ghost[]): HookedLink[] {
  const replaced = new Set(
    ghosts.flatMap(({ near, group, joined }) => [
      ...group.map((node) => pairKey(near, node)),
      ...joined.map(({ node, from }) => pairKey(from, node)),
    ]),
  )
  return tree.filter(({ link }) => !replaced.has(pairKey(link.a, link.b)))
}

function ghostEdges(body: readonly BodySlot[], ghost: Ghost, position: number): Edge[] {
  const around = [ghost.near, ...ghost.group]
  const shared = sharedComponent(body, ghost.near, ghost.group)
  const isGhost: Edge['holds'] = (_, weights) => isConstant(ghost.group, (i, j) => shared(i, j, weights))
  const edge = (node: number, holds: Edge['holds']): Edge => ({
    a: position,
    b: node,
    evidence: ghostEvidence(body, ghost, node),
    holds,
  })
  return [
    ...around.map((node) => edge(node, isGhost)),
    ...ghost.joined.map(({ node, from }) => {
      const seen = sharedComponent(body, from, [node, ...around])
      return edge(
        node,
        (drawn, weights) => isGhost(drawn, weights) && shareOfWay(seen, around, node, from, weights) > JOINS,
      )
    }),
  ]
}

function sourceOf(sources: ReadonlyMap<number, number>, node: number): number {
  let top = node
  for (let source = sources.get(top); source !== undefined; source = sources.get(top)) top = source
  return top
}
