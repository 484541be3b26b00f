import type { BodySlot } from './body.ts'
import { candidateLinks, type ForcedLink } from './candidate-links.ts'
import { bestRoot, directionEvidence, parentsFrom, pooledEvidence, type DirectionEvidence } from './direction.ts'
import { findGhost, ghostEvidence, isConstant, sharedComponent, type Ghost } from './ghost.ts'
import { totalDistance, type Link } from './link.ts'
import { resample, seededRandom } from './random.ts'
import { rehang } from './rehang.ts'
import { minimumSpanningTree } from './spanning-tree.ts'
import { unhook, type HookedLink } from './unhook.ts'

/** One link of the tree of a family, pointing away from its root. Positions within the family; ghosts follow after it. */
export interface TreeLink {
  readonly parent: number
  readonly child: number
  readonly support: number
  readonly directionSupport: number
}

export interface FamilyTree {
  readonly links: readonly TreeLink[]
  readonly ghosts: readonly Ghost[]
  readonly root: number
}

export const REPLICATES = 400

/** An undirected link of the tree, with what speaks for its direction a → b, and whether a replicate holds it. */
interface Edge {
  readonly a: number
  readonly b: number
  readonly evidence: DirectionEvidence
  readonly holds: (drawn: ReadonlySet<number>, weights: Float64Array) => boolean
}

/**
 * The tree of one family: the minimum spanning tree on squared distances, which are additive along a tree because an
 * update is nearly orthogonal to what came before; with ancestors that are missing put in; rooted where the pooled
 * evidence of all links agrees best; with the support of both in bootstrap replicates over tensors (Felsenstein 1985).
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
  const proven = new Set(forced.map(([parent, child]) => `${parent} ${child}`))
  const isForced = ({ a, b }: Link): boolean => proven.has(`${a} ${b}`) || proven.has(`${b} ${a}`)
  const proofOf = ({ a, b }: Link): number => {
    if (proven.has(`${a} ${b}`)) return Infinity
    if (proven.has(`${b} ${a}`)) return -Infinity
    // Layers are left out, not put in.
    return layers[a] === layers[b] ? 0 : layers[a]! > layers[b]! ? Infinity : -Infinity
  }
  const span = (weights?: Float64Array): number[] =>
    // A proven link comes first whatever its length.
    minimumSpanningTree(
      nodes,
      links,
      links.map((link) => (!isForced(link) ? totalDistance(body, link, weights) : -1)),
    )

  const hooked = rehang(unhook(body, nodes, links, span(), forced), forced, body)
  const ghosts = findGhosts(
    body,
    nodes,
    hooked.map(({ link }) => link),
    forced,
  )
  const edges = [
    ...plainEdges(body, hooked, ghosts, proofOf),
    ...ghosts.flatMap((ghost, i) => ghostEdges(body, ghost, nodes + i)),
  ]
  const count = nodes + ghosts.length
  const orient = (weights?: Float64Array): { parents: Int32Array; top: number } => {
    const weighed = edges.map(({ a, b, evidence }) => ({ a, b, evidence: pooledEvidence(evidence, weights) }))
    const top = root ?? bestRoot(count, weighed)
    return { parents: parentsFrom(top, count, edges), top }
  }

  const { parents, top } = orient()
  const held = new Float64Array(edges.length)
  const agreed = new Float64Array(edges.length)
  const random = seededRandom(nodes)
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const weights = resample(body.length, random)
    const drawn = new Set(span(weights))
    const oriented = orient(weights).parents
    edges.forEach(({ a, b, holds }, i) => {
      if (holds(drawn, weights)) held[i]!++
      if ((oriented[a] === b) === (parents[a] === b)) agreed[i]!++
    })
  }
  const placed = edges.map(({ a, b }, i): TreeLink => ({
    parent: parents[b] === a ? a : b,
    child: parents[b] === a ? b : a,
    support: held[i]! / REPLICATES,
    directionSupport: agreed[i]! / REPLICATES,
  }))
  return { links: placed, ghosts, root: top }
}

function plainEdges(
  body: readonly BodySlot[],
  hooked: readonly HookedLink[],
  ghosts: readonly Ghost[],
  proofOf: (link: Link) => number,
): Edge[] {
  const replaced = new Set(ghosts.flatMap(({ near, group }) => group.flatMap((i) => [`${near} ${i}`, `${i} ${near}`])))
  return hooked.flatMap(({ link, index }): Edge[] => {
    if (replaced.has(`${link.a} ${link.b}`)) return []
    const { a, b } = link
    return [{ a, b, evidence: directionEvidence(link, body, proofOf(link)), holds: (drawn) => drawn.has(index) }]
  })
}

/** The ghost takes the place of its neighbours' links to the model near it. */
function ghostEdges(body: readonly BodySlot[], ghost: Ghost, position: number): Edge[] {
  const shared = sharedComponent(body, ghost.near, ghost.group)
  const holds: Edge['holds'] = (_, weights) => isConstant(ghost.group, (i, j) => shared(i, j, weights))
  return [ghost.near, ...ghost.group].map((node) => ({
    a: position,
    b: node,
    evidence: ghostEvidence(body, ghost, node),
    holds,
  }))
}

function findGhosts(
  body: readonly BodySlot[],
  nodes: number,
  tree: readonly Link[],
  forced: readonly ForcedLink[],
): Ghost[] {
  const derivatives = new Set(forced.map(([, child]) => child))
  const used = new Set<number>()
  const ghosts: Ghost[] = []
  for (let near = 0; near < nodes; near++) {
    const neighbours = tree
      .flatMap(({ a, b }) => (a === near ? [b] : b === near ? [a] : []))
      .filter((node) => !derivatives.has(node))
    if (neighbours.length < 3 || used.has(near)) continue
    const group = findGhost(neighbours, sharedComponent(body, near, neighbours))
    if (!group || group.some((node) => used.has(node))) continue
    ghosts.push({ near, group })
    for (const node of [near, ...group]) used.add(node)
  }
  return ghosts
}
