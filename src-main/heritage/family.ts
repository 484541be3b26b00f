import type { Architecture } from './align/align.ts'
import { bodyOf, layerCounts, restrict, type BodySlot } from './body.ts'
import { findDerivations } from './exact/derivations.ts'
import { describeDerivation, describeGhostLink, describeMerge, describeTwin, describeUpdateLink } from './describe.ts'
import { contentKey } from './exact/exact.ts'
import { linkBetween, totalDistance } from './link.ts'
import { findElementMerges } from './merge/element-merge.ts'
import { membersBelow } from './merge/below-merge.ts'
import { findMerges, type Merge } from './merge/merge.ts'
import { addMissing, findMissing, type Known } from './missing/missing.ts'
import type { MissingModel } from './missing/types.ts'
import type { ForcedLink } from './tree/candidate-links.ts'
import type { Ghost } from './tree/ghost.ts'
import type { TreeLink } from './tree/support.ts'
import { familyTree } from './tree/tree.ts'
import type { HeritageModel, RecoveredFamily, RecoveredRelation } from './types.ts'

/**
 * Recovers one family: equal models first, then what was derived without training, then merges; the tree is drawn over
 * the rest, and over what was trained from each merge.
 *
 * @param family positions within the architecture, ascending
 * @param firstGhost number of the first ghost
 */
export function recoverFamily(
  models: readonly HeritageModel[],
  architecture: Architecture,
  family: readonly number[],
  firstGhost: number,
): { family: RecoveredFamily; relations: RecoveredRelation[] } {
  const twins = groupTwins(models, architecture, family)
  const distinct = twins.map(([first]) => first!)
  const body = bodyOf(architecture, distinct)
  const derivations = findDerivations(architecture, distinct)
  const layers = layerCounts(architecture, distinct)
  const distances = allDistances(body, distinct.length)
  const derived = new Set(derivations.map(({ child }) => child))
  const planar = findMerges(body, distances).filter(({ child }) => !derived.has(child))
  const explained = new Set([...derived, ...planar.map(({ child }) => child)])
  const merges = [...planar, ...findElementMerges(body, distances, explained)]
  const known: Known = { body, distances, derivations, merges, layers, missing: [] }
  const recovered = placeMissing(known, findMissing(architecture, distinct, known))
  const { links, ghosts, root } = recovered.drawn
  const directionKnown = distinct.length > 2 || derivations.length > 0

  const inferred = distinct.length + recovered.missing.length
  const modelAt = (node: number): number =>
    node < distinct.length ? architecture.members[distinct[node]!]! : firstGhost + node - distinct.length
  const relations = [
    ...links.map((link) => {
      const derivation = recovered.derivations.find(
        ({ parent, child }) => parent === link.parent && child === link.child,
      )
      if (derivation) return describeDerivation(recovered.body, derivation)
      const ghost = ghosts[Math.max(link.parent, link.child) - inferred]
      if (ghost) return describeGhostLink(recovered.body, ghost, link)
      const described = { ...describeUpdateLink(recovered.body, link, directionKnown), ...loraRank(recovered, link) }
      const dropped = recovered.layers[link.child]! < recovered.layers[link.parent]!
      return dropped ? { ...described, type: 'layers-dropped' as const } : described
    }),
    ...recovered.merges.flatMap((merge) => describeMerge(body, merge)),
  ].map((relation) => ({ ...relation, parent: modelAt(relation.parent), child: modelAt(relation.child) }))
  for (const [first, ...others] of twins) {
    for (const other of others) {
      relations.push(describeTwin(models, architecture.members[first!]!, architecture.members[other]!))
    }
  }
  const rooted = directionKnown && relations.some(({ directed }) => directed)
  return {
    family: {
      members: family.map((member) => architecture.members[member]!),
      ghosts: [...recovered.missing, ...ghosts].map((_, i) => firstGhost + i),
      root: rooted ? modelAt(root) : null,
    },
    relations,
  }
}

/** Models with equal contents, one list per content; the first of each stands for the others. */
function groupTwins(
  models: readonly HeritageModel[],
  architecture: Architecture,
  family: readonly number[],
): number[][] {
  const groups = new Map<string, number[]>()
  for (const member of family) {
    const key = contentKey(models[architecture.members[member]!]!)
    groups.set(key, [...(groups.get(key) ?? []), member])
  }
  return [...groups.values()]
}

function allDistances(body: readonly BodySlot[], count: number): Float64Array[] {
  const distances = Array.from({ length: count }, () => new Float64Array(count))
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      distances[a]![b] = distances[b]![a] = totalDistance(body, linkBetween(body, a, b))
    }
  }
  return distances
}

/** The rank of an update between a missing model and one that shows it: the estimate of the model would blur it. */
function loraRank({ missing, layers }: Known, { parent, child }: TreeLink): { type: 'lora'; rank: number } | null {
  const model = missing[Math.max(parent, child) - (layers.length - missing.length)]
  const update = model?.updates.find(({ member }) => member === parent || member === child)
  return update ? { type: 'lora', rank: update.rank } : null
}

/** Draws the trees with those of the missing models that turn out to have a place: three neighbours or more. */
function placeMissing(known: Known, missing: readonly MissingModel[]): Known & { drawn: Drawn } {
  const all = addMissing(known, missing)
  const forced = all.derivations.map(({ parent, child }): ForcedLink => [parent, child])
  const drawn = drawTrees(all.body, all.distances, forced, all.merges, all.layers)
  const placed = missing.filter((_, i) => {
    const node = known.distances.length + i
    return drawn.links.filter(({ parent, child }) => parent === node || child === node).length >= 3
  })
  return placed.length === missing.length ? { ...all, drawn } : placeMissing(known, placed)
}

interface Drawn {
  readonly links: readonly TreeLink[]
  readonly ghosts: readonly Ghost[]
  readonly root: number
}

/**
 * The tree of everything above the merges, and one below each merge from which something was trained. Ghosts are
 * numbered after the members.
 */
function drawTrees(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  forced: readonly ForcedLink[],
  merges: readonly Merge[],
  layers: readonly number[],
): Drawn {
  const below = merges.map((merge) => membersBelow(body, merge, merges, distances, forced))
  const apart = new Set([...merges.map(({ child }) => child), ...below.flat()])
  const above = [...distances.keys()].filter((node) => !apart.has(node))
  let drawn: Drawn = { links: [], ghosts: [], root: -1 }
  const add = (nodes: readonly number[], root?: number): void => {
    const tree = treeOver(body, nodes, forced, layers, distances.length + drawn.ghosts.length, root)
    drawn = {
      links: [...drawn.links, ...tree.links],
      ghosts: [...drawn.ghosts, ...tree.ghosts],
      root: drawn.root < 0 ? tree.root : drawn.root,
    }
  }
  add(above)
  merges.forEach(({ child }, i) => add([child, ...below[i]!], child))
  return drawn
}

/** The tree over some of the members, in positions of the family; its ghosts are numbered from `firstGhost`. */
function treeOver(
  body: readonly BodySlot[],
  nodes: readonly number[],
  forced: readonly ForcedLink[],
  layers: readonly number[],
  firstGhost: number,
  root?: number,
): Drawn {
  const local = new Map(nodes.map((node, i) => [node, i]))
  const inside = forced.flatMap(([parent, child]): ForcedLink[] =>
    local.has(parent) && local.has(child) ? [[local.get(parent)!, local.get(child)!]] : [],
  )
  const counts = nodes.map((node) => layers[node]!)
  const top = root === undefined ? undefined : local.get(root)
  const tree = familyTree(restrict(body, nodes), nodes.length, inside, counts, top)
  const place = (node: number): number => nodes[node] ?? firstGhost + node - nodes.length
  return {
    links: tree.links.map((link) => ({ ...link, parent: place(link.parent), child: place(link.child) })),
    ghosts: tree.ghosts.map(({ near, group, joined }) => ({
      near: place(near),
      group: group.map(place),
      joined: joined.map(({ node, from }) => ({ node: place(node), from: place(from) })),
    })),
    root: place(tree.root),
  }
}
