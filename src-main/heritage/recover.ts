import { alignModels, type Architecture } from './align.ts'
import { bodyOf, type BodySlot } from './body.ts'
import { castBetween, contentKey, copyType } from './exact.ts'
import { linkBetween, totalDistance } from './link.ts'
import { compareAll, findFamilies } from './relatedness.ts'
import { rehang } from './rehang.ts'
import { familyTree, type ForcedLink, type TreeLink } from './tree.ts'
import { centredCosine, centredEnergy, isWeight } from './tensors.ts'
import type { Heritage, HeritageModel, RecoveredFamily, RecoveredRelation } from './types.ts'
import { describeUpdate } from './update.ts'

/** From this share of replicates on a direction is stated; below it the relation is drawn without one. */
const DIRECTION_KNOWN = 0.8

/**
 * Recovers the families of a set of models, and in each who came from whom and how. Looks at weights only: names,
 * order and places of models and tensors change nothing but the names in the answer.
 */
export function recoverHeritage(models: readonly HeritageModel[]): Heritage {
  const families: RecoveredFamily[] = []
  const relations: RecoveredRelation[] = []
  for (const architecture of alignModels(models)) {
    const kinship = compareAll(architecture)
    for (const family of findFamilies(architecture.members.length, kinship)) {
      if (family.length < 2) continue
      const found = recoverFamily(models, architecture, family)
      families.push(found.family)
      relations.push(...found.relations)
    }
  }
  families.sort((a, b) => b.members.length - a.members.length || a.members[0]! - b.members[0]!)
  relations.sort((a, b) => a.child - b.child || a.parent - b.parent)
  return { families, relations }
}

/** @param family positions within the architecture, ascending */
function recoverFamily(
  models: readonly HeritageModel[],
  architecture: Architecture,
  family: readonly number[],
): { family: RecoveredFamily; relations: RecoveredRelation[] } {
  const twins = groupTwins(models, architecture, family)
  const distinct = twins.map(([first]) => first!)
  const body = bodyOf(architecture, distinct)
  const casts = findCasts(architecture, distinct)
  const tree = rehang(familyTree(body, distinct.length, casts), casts, body)
  const directionKnown = distinct.length > 2 || casts.length > 0
  const context = { architecture, distinct, body, casts, directionKnown }
  const relations = tree.map((link) => describeLink(context, link))
  for (const [first, ...others] of twins) {
    for (const other of others)
      relations.push(twinRelation(models, architecture.members[first!]!, architecture.members[other]!))
  }
  const children = new Set(tree.map(({ child }) => child))
  const root = distinct.findIndex((_, node) => !children.has(node))
  const rooted = directionKnown && relations.some(({ directed }) => directed)
  return {
    family: {
      members: family.map((member) => architecture.members[member]!),
      root: rooted ? architecture.members[distinct[root]!]! : null,
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

/** Each cast with its source, as positions within `distinct`; a model has at most one source. */
function findCasts(architecture: Architecture, distinct: readonly number[]): ForcedLink[] {
  const casts: ForcedLink[] = []
  const children = new Set<number>()
  for (let i = 0; i < distinct.length; i++) {
    for (let j = i + 1; j < distinct.length; j++) {
      const cast = castBetween(architecture, distinct[i]!, distinct[j]!)
      if (!cast) continue
      const [parent, child] = cast.parent === distinct[i] ? [i, j] : [j, i]
      if (children.has(child)) continue
      children.add(child)
      casts.push([parent, child])
    }
  }
  return casts
}

interface FamilyContext {
  readonly architecture: Architecture
  readonly distinct: readonly number[]
  readonly body: readonly BodySlot[]
  readonly casts: readonly ForcedLink[]
  readonly directionKnown: boolean
}

function describeLink(context: FamilyContext, link: TreeLink): RecoveredRelation {
  const { architecture, distinct, body } = context
  const { parent, child } = link
  const cast = context.casts.some(([from, to]) => from === parent && to === child)
  const update = describeUpdate(body, parent, child)
  const norm = body.reduce((sum, slot) => sum + (slot.tensors[parent]?.moments?.sumSquares ?? 0), 0)
  return {
    parent: architecture.members[distinct[parent]!]!,
    child: architecture.members[distinct[child]!]!,
    type: cast ? 'cast' : update.type,
    directed: cast || (context.directionKnown && link.directionSupport >= DIRECTION_KNOWN),
    support: link.support,
    directionSupport: link.directionSupport,
    rank: cast ? null : update.rank,
    relativeChange: Math.sqrt(totalDistance(body, linkBetween(body, parent, child)) / norm),
    cosine: bodyCosine(body, parent, child),
    changedMatrices: update.changedMatrices,
    matrices: update.matrices,
  }
}

/** Mean cosine of the matrices of the body, each weighed by its energy. */
function bodyCosine(body: readonly BodySlot[], a: number, b: number): number {
  let inner = 0
  let energy = 0
  for (const { matrix, tensors } of body) {
    const [x, y] = [tensors[a], tensors[b]]
    if (!matrix || !x || !y || !isWeight(x) || !isWeight(y)) continue
    const norms = Math.sqrt(centredEnergy(x) * centredEnergy(y))
    inner += centredCosine(x, y) * norms
    energy += norms
  }
  return energy === 0 ? 0 : inner / energy
}

function twinRelation(models: readonly HeritageModel[], first: number, other: number): RecoveredRelation {
  return {
    parent: first,
    child: other,
    type: copyType(models[first]!, models[other]!),
    directed: false,
    support: 1,
    directionSupport: null,
    rank: null,
    relativeChange: 0,
    cosine: 1,
    changedMatrices: 0,
    matrices: 0,
  }
}
