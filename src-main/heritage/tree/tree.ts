import type { BodySlot } from '../body.ts'
import { candidateLinks, type ForcedLink } from './candidate-links.ts'
import type { DriftStar } from './common-drift.ts'
import { directionEvidence } from './direction.ts'
import { driftStars } from './drift-stars.ts'
import { findGhosts, isConstant, JOINS, sharedComponent, shareOfWay, type Ghost } from './ghost.ts'
import { ghostEvidence } from './ghost-estimate.ts'
import { keepTree } from './keep-tree.ts'
import { equalElements, linkBetween, pairKey, type Link } from '../link.ts'
import { linkSupport } from './link-support.ts'
import type { Merge } from '../merge/merge.ts'
import { findMixture } from './mixture.ts'
import { preferPopular } from './popular.ts'
import { rehang } from './rehang.ts'
import { findRuns, type Run } from './runs.ts'
import { minimumSpanningTree } from './spanning-tree.ts'
import { standInOdds } from './stand-in.ts'
import { bootstrapShare, rootTree, type Edge, type TreeLink } from './support.ts'
import { unhook, type HookedLink } from './unhook.ts'

/** A link of the tree of a family. */
export interface FamilyLink extends TreeLink {
  /** Where siblings were trained alike: the mean cosine of their updates; else null. */
  readonly siblingCosine: number | null
}

/** The tree of a family, pointing away from its root. Positions within the family; ghosts follow after it. */
export interface FamilyTree {
  readonly links: readonly FamilyLink[]
  readonly ghosts: readonly Ghost[]
  readonly runs: readonly Run[]
  readonly root: number
  /** A member that is a merge, and no branch of the tree; or null. */
  readonly mixture: Merge | null
}

/**
 * The tree of one family: the minimum spanning tree on squared distances, which are additive along a tree because an
 * update is nearly orthogonal to what came before; with links moved where exact numbers or annealed noise say so, and
 * with ancestors that are missing put in; rooted by the pooled evidence of all links (support.ts).
 *
 * @param distances squared distances between all members
 * @param layers number of layers of each member
 * @param root where it is known already
 */
export function familyTree(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  forced: readonly ForcedLink[],
  layers: readonly number[],
  root?: number,
): FamilyTree {
  const nodes = distances.length
  const exact = new Set(forced.map(([a, b]) => pairKey(a, b)))
  const measured = (a: number, b: number): number => distances[a]![b]!
  // What is exact comes before any distance: derivations, then matrices in common. Training never restores a matrix to the
  // last bit, so that the models that have it hang together without the others (a character of a perfect phylogeny).
  const inCommonOf = (links: readonly Link[]): number[] =>
    links.map(({ a, b }) => (exact.has(pairKey(a, b)) ? Number.MAX_VALUE : equalElements(body, a, b)))
  const span = (links: readonly Link[], distance: typeof measured, inCommon: readonly number[]): number[] =>
    minimumSpanningTree(
      nodes,
      links,
      links.map(({ a, b }) => distance(a, b)),
      inCommon,
    )
  const candidates = candidateLinks(body, distances, forced)
  const candidatesInCommon = inCommonOf(candidates)
  const plain = span(candidates, measured, candidatesInCommon)
  const stars = driftStars(
    body,
    nodes,
    plain.map((index) => candidates[index]!),
    measured,
  )
  const links = withHubs(body, candidates, stars)
  const inCommon = [...candidatesInCommon, ...inCommonOf(links.slice(candidates.length))]
  const distance: typeof measured = (a, b) =>
    stars.reduce((sum, { shortening }) => sum + shortening(a, b), measured(a, b))
  const shortest = stars.length === 0 ? plain : span(links, distance, inCommon)
  const lengths = links.map(({ a, b }) => ({ a, b, length: exact.has(pairKey(a, b)) ? 0 : distance(a, b) }))
  const spanning = preferPopular(nodes, lengths, shortest, rivalry(links, inCommon, [], forced), distance)
  const unhooked = unhook(body, distances, links, spanning, forced)
  const hooked = keepTree(nodes, rehang(unhooked.links, forced, body), links)
  const ordered = [...forced, ...unhooked.leaves]
  const tree = hooked.map(({ link }) => link)
  // What siblings trained alike share is their course, not an ancestor.
  const placed = [...forced.map(([, child]) => child), ...stars.flatMap(({ members }) => members)]
  const exempt = new Set(placed)
  const ghosts = findGhosts(body, nodes, tree, exempt)
  const mixture = findMixture(body, nodes, tree, exempt, ghosts)

  const supports = linkSupport(nodes, lengths, spanning, rivalry(links, inCommon, hooked, forced), distance)
  const edges = [
    ...withoutGhostLinks(hooked, ghosts).map(({ link, index }): Edge => {
      const evidence = directionEvidence(link, body, proofOf(link, ordered, layers))
      return { a: link.a, b: link.b, evidence, support: supports.get(index)! }
    }),
    ...ghosts.flatMap((ghost, i) => ghostEdges(body, ghost, nodes + i)),
  ]
  const rooted = rootTree(edges, nodes + ghosts.length, root)
  const trained = rooted.links.filter(
    ({ parent, child }) => Math.max(parent, child) < nodes && !exact.has(pairKey(parent, child)),
  )
  // What is made up for by size is off by more than what is looked for here.
  const comparable = trained.filter(({ parent, child }) => layers[parent] === layers[child])
  const doubted = new Set<TreeLink>(comparable)
  const odds = standInOdds(nodes, comparable, distance)
  const drawn = rooted.links.map((link) => ({
    ...link,
    support: doubted.has(link) ? link.support / (1 + odds[link.parent]!) : link.support,
    siblingCosine: siblingCosine(stars, link),
  }))
  return { links: drawn, ghosts, runs: findRuns(trained, measured), root: rooted.root, mixture }
}

/** The candidates, and the links from the hub of each star to its members. */
function withHubs(body: readonly BodySlot[], candidates: readonly Link[], stars: readonly DriftStar[]): Link[] {
  const known = new Set(candidates.map(({ a, b }) => pairKey(a, b)))
  const missing = stars.flatMap(({ hub, members }) =>
    members.filter((node) => !known.has(pairKey(hub, node))).map((node) => linkBetween(body, hub, node)),
  )
  return [...candidates, ...missing]
}

/** Mean cosine of the updates of the siblings that were trained alike, where the link is one of theirs. */
function siblingCosine(stars: readonly DriftStar[], { parent, child }: TreeLink): number | null {
  return stars.find(({ hub, members }) => hub === parent && members.includes(child))?.cosine ?? null
}

/**
 * Which candidates stand against a link of the spanning tree. Not those with fewer matrices in common (against a derivation
 * none), and not those between which exact numbers or annealed noise have decided already: a derivative is as good as its source, a link that was moved as its new place.
 */
function rivalry(
  links: readonly Link[],
  inCommon: readonly number[],
  hooked: readonly HookedLink[],
  forced: readonly ForcedLink[],
): (link: number, candidate: number) => boolean {
  const sources = new Map(forced.map(([source, derivative]) => [derivative, source]))
  const places = links.map(({ a, b }) => pairKey(sourceOf(sources, a), sourceOf(sources, b)))
  const moved = new Map(hooked.map(({ link, index }) => [index, pairKey(link.a, link.b)]))
  return (link, candidate) => {
    const { a, b } = links[candidate]!
    if (inCommon[candidate]! < inCommon[link]!) return false
    return places[link] !== places[candidate] && moved.get(link) !== pairKey(a, b)
  }
}

/** Infinity where a must be the older of the two, -Infinity where b must, else 0. */
function proofOf({ a, b }: Link, ordered: readonly ForcedLink[], layers: readonly number[]): number {
  if (ordered.some(([parent, child]) => parent === a && child === b)) return Infinity
  if (ordered.some(([parent, child]) => parent === b && child === a)) return -Infinity
  // Layers are left out, not put in.
  return layers[a] === layers[b] ? 0 : layers[a]! > layers[b]! ? Infinity : -Infinity
}

/** The links whose place no ghost takes. */
function withoutGhostLinks(tree: readonly HookedLink[], ghosts: readonly Ghost[]): readonly HookedLink[] {
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
  const isGhost = (weights: Float64Array): boolean => isConstant(ghost.group, (i, j) => shared(i, j, weights))
  const edge = (node: number, holds: (weights: Float64Array) => boolean): Edge => ({
    a: position,
    b: node,
    evidence: ghostEvidence(body, ghost, node),
    support: bootstrapShare(body.length, holds),
  })
  return [
    ...around.map((node) => edge(node, isGhost)),
    ...ghost.joined.map(({ node, from }) => {
      const seen = sharedComponent(body, from, [node, ...around])
      return edge(node, (weights) => isGhost(weights) && shareOfWay(seen, around, node, from, weights) > JOINS)
    }),
  ]
}

function sourceOf(sources: ReadonlyMap<number, number>, node: number): number {
  let top = node
  for (let source = sources.get(top); source !== undefined; source = sources.get(top)) top = source
  return top
}
