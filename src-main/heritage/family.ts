import type { Architecture } from './align/align.ts'
import { bodyOf, layerCounts, restrict, type BodySlot } from './body.ts'
import { findDerivations } from './exact/derivations.ts'
import { describeDerivation, describeGhostLink, describeMerge, describeTwin, describeUpdateLink } from './describe.ts'
import { contentKey } from './exact/exact.ts'
import { allDistances } from './distances.ts'
import { during, type Steps } from './steps.ts'
import { findElementMerges } from './merge/element-merge.ts'
import { membersBelow } from './merge/below-merge.ts'
import { findMerges, type Merge } from './merge/merge.ts'
import type { ForcedLink } from './tree/candidate-links.ts'
import type { Ghost } from './tree/ghost.ts'
import type { Run } from './tree/runs.ts'
import { familyTree, type FamilyLink } from './tree/tree.ts'
import type { HeritageModel, RecoveredFamily, RecoveredRelation, RecoveredVerdict } from './types.ts'

/** The parts of the work on one family, in their order. */
export type FamilyPart = 'derivations' | 'distances' | 'merges' | 'element merges' | 'trees'

/**
 * Recovers one family: equal models first, then what was derived without training, then merges; the tree is drawn over
 * the rest, and over what was trained from each merge.
 *
 * @param family positions within the architecture, ascending
 * @param firstGhost number of the first ghost
 */
export function* recoverFamily(
  models: readonly HeritageModel[],
  architecture: Architecture,
  family: readonly number[],
  firstGhost: number,
): Steps<{ family: RecoveredFamily; relations: RecoveredRelation[]; verdicts: RecoveredVerdict[] }, FamilyPart> {
  const twins = groupTwins(models, architecture, family)
  const distinct = twins.map(([first]) => first!)
  const body = bodyOf(architecture, distinct)
  const derivations = yield* during('derivations', findDerivations(architecture, distinct))
  const layers = layerCounts(architecture, distinct)
  const forced = derivations.map(({ parent, child }): ForcedLink => [parent, child])
  const distances = yield* during('distances', allDistances(body, distinct.length))
  const derived = new Set(derivations.map(({ child }) => child))
  const planar = yield* during('merges', findMerges(body, distances, derived))
  const explained = new Set([...derived, ...planar.map(({ child }) => child)])
  const elementwise = yield* during('element merges', findElementMerges(body, distances, explained))
  const merges = [...planar, ...elementwise]
  const { links, ghosts, runs, root } = yield* during('trees', drawTrees(body, distances, forced, merges, layers))
  const directionKnown = distinct.length > 2 || derivations.length > 0

  const modelAt = (node: number): number =>
    node < distinct.length ? architecture.members[distinct[node]!]! : firstGhost + node - distinct.length
  const relations = [
    ...links.map((link) => {
      const derivation = derivations.find(({ parent, child }) => parent === link.parent && child === link.child)
      if (derivation) return describeDerivation(body, derivation)
      const ghost = ghosts[Math.max(link.parent, link.child) - distinct.length]
      if (ghost) return describeGhostLink(body, ghost, link)
      const described = describeUpdateLink(body, link, directionKnown)
      return layers[link.child]! < layers[link.parent]! ? { ...described, type: 'layers-dropped' as const } : described
    }),
    ...merges.flatMap((merge) => describeMerge(body, merge)),
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
      ghosts: ghosts.map((_, i) => firstGhost + i),
      root: rooted ? modelAt(root) : null,
    },
    relations,
    verdicts: runs.map(({ nodes, cosine }) => ({ kind: 'same-run', models: nodes.map(modelAt), cosine })),
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

interface Drawn {
  readonly links: readonly FamilyLink[]
  readonly ghosts: readonly Ghost[]
  readonly runs: readonly Run[]
  readonly root: number
}

/**
 * The tree of everything above the merges, and one below each merge from which something was trained. Ghosts are
 * numbered after the members.
 */
function* drawTrees(
  body: readonly BodySlot[],
  distances: readonly Float64Array[],
  forced: readonly ForcedLink[],
  merges: readonly Merge[],
  layers: readonly number[],
): Steps<Drawn> {
  const below = merges.map((merge) => membersBelow(body, merge, merges, distances, forced))
  const apart = new Set([...merges.map(({ child }) => child), ...below.flat()])
  const above = [...distances.keys()].filter((node) => !apart.has(node))
  let drawn: Drawn = { links: [], ghosts: [], runs: [], root: -1 }
  const add = (nodes: readonly number[], root?: number): void => {
    const tree = treeOver(body, distances, nodes, forced, layers, distances.length + drawn.ghosts.length, root)
    drawn = {
      links: [...drawn.links, ...tree.links],
      ghosts: [...drawn.ghosts, ...tree.ghosts],
      runs: [...drawn.runs, ...tree.runs],
      root: drawn.root < 0 ? tree.root : drawn.root,
    }
  }
  add(above)
  yield
  for (const [i, { child }] of merges.entries()) {
    add([child, ...below[i]!], child)
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
): Drawn {
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
    ghosts: tree.ghosts.map(({ near, group }) => ({ near: place(near), group: group.map(place) })),
    runs: tree.runs.map(({ nodes: steps, cosine }) => ({ nodes: steps.map(place), cosine })),
    root: place(tree.root),
  }
}
