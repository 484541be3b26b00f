import { restrict, type BodySlot } from '../body.ts'
import { membersBelow } from '../merge/below-merge.ts'
import type { Merge } from '../merge/merge.ts'
import type { Steps } from '../steps.ts'
import type { ForcedLink } from './candidate-links.ts'
import type { Ghost } from './ghost.ts'
import type { Run } from './runs.ts'
import { familyTree, type FamilyLink, type FamilyTree } from './tree.ts'

export interface Drawn {
  readonly links: readonly FamilyLink[]
  readonly ghosts: readonly Ghost[]
  readonly runs: readonly Run[]
  readonly root: number
  /** Those that were given, and those whose base is missing. */
  readonly merges: readonly Merge[]
}

/**
 * The tree of everything above the merges, and one below each merge from which something was trained. Ghosts are
 * numbered after the members. A merge whose base is missing shows in the tree itself; then the trees are drawn anew without it.
 */
export function* drawTrees(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  forced: readonly ForcedLink[],
  merges: readonly Merge[],
  layers: readonly number[],
): Steps<Drawn> {
  const below = merges.map((merge) => membersBelow(body, merge, merges, distances, forced))
  const apart = new Set([...merges.map(({ child }) => child), ...below.flat()])
  const above = [...distances.keys()].filter((node) => !apart.has(node))
  let drawn: Drawn = { links: [], ghosts: [], runs: [], root: -1, merges }
  const parts = [
    { nodes: above, root: undefined },
    ...merges.map(({ child }, i) => ({ nodes: [child, ...below[i]!], root: child })),
  ]
  for (const { nodes, root } of parts) {
    const { mixture, ...tree } = treeOver(
      body,
      distances,
      nodes,
      forced,
      layers,
      distances.length + drawn.ghosts.length,
      root,
    )
    if (mixture) return yield* drawTrees(body, distances, forced, [...merges, mixture], layers)
    drawn = {
      links: [...drawn.links, ...tree.links],
      ghosts: [...drawn.ghosts, ...tree.ghosts],
      runs: [...drawn.runs, ...tree.runs],
      root: drawn.root < 0 ? tree.root : drawn.root,
      merges,
    }
    yield
  }
  return drawn
}

/** The tree over some of the members, in positions of the family; its ghosts are numbered from `firstGhost`. */
function treeOver(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  nodes: readonly number[],
  forced: readonly ForcedLink[],
  layers: readonly number[],
  firstGhost: number,
  root?: number,
): FamilyTree {
  const local = new Map(nodes.map((node, i) => [node, i]))
  const inside = forced.flatMap(([parent, child]): ForcedLink[] =>
    local.has(parent) && local.has(child) ? [[local.get(parent)!, local.get(child)!]] : [],
  )
  const counts = nodes.map((node) => layers[node]!)
  const top = root === undefined ? undefined : local.get(root)
  const inner = nodes.map((a) => Float64Array.from(nodes, (b) => distances[a]![b]!))
  const tree = familyTree(restrict(body, nodes), inner, inside, counts, top)
  const place = (node: number): number => nodes[node] ?? firstGhost + node - nodes.length
  return {
    links: tree.links.map((link) => ({ ...link, parent: place(link.parent), child: place(link.child) })),
    ghosts: tree.ghosts.map(({ near, group, joined }) => ({
      near: place(near),
      group: group.map(place),
      joined: joined.map(({ node, from }) => ({ node: place(node), from: place(from) })),
    })),
    runs: tree.runs.map(({ nodes: steps, cosine }) => ({ nodes: steps.map(place), cosine })),
    root: place(tree.root),
    mixture: tree.mixture && {
      ...tree.mixture,
      child: place(tree.mixture.child),
      parents: tree.mixture.parents.map((parent) => ({ ...parent, node: place(parent.node) })),
    },
  }
}
