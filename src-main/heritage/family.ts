import type { Architecture } from './align/align.ts'
import { bodyOf, layerCounts } from './body.ts'
import type { Derivation } from './exact/derivation.ts'
import { findDerivations } from './exact/derivations.ts'
import { describeDerivation, describeGhostLink, describeMerge, describeTwin, describeUpdateLink } from './describe.ts'
import { contentKey } from './exact/exact.ts'
import { allDistances } from './distances.ts'
import { during, type Steps } from './steps.ts'
import { findElementMerges } from './merge/element-merge.ts'
import { findMerges, type Merge } from './merge/merge.ts'
import { findMergesOfMissingBase } from './merge/missing-base.ts'
import { findMissing, type Known } from './missing/missing.ts'
import { placeMissing } from './missing/place-missing.ts'
import type { TreeLink } from './tree/support.ts'
import type { HeritageModel, RecoveredFamily, RecoveredRelation, RecoveredVerdict } from './types.ts'

/** The parts of the work on one family, in their order. */
export type FamilyPart = 'derivations' | 'distances' | 'merges' | 'element merges' | 'missing models' | 'trees'

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
  const distances = yield* during('distances', allDistances(body, distinct.length))
  const derived = new Set(derivations.map(({ child }) => child))
  const planar = yield* during('merges', findMerges(body, distances, derived))
  const explained = new Set([...derived, ...planar.map(({ child }) => child)])
  const elementwise = yield* during('element merges', findElementMerges(body, distances, explained, planar))
  const present = [...planar, ...elementwise].map((merge) => fromSources(merge, derivations, distances))
  const baseless = findMergesOfMissingBase(body, distances, new Set([...derived, ...present.map(({ child }) => child)]))
  const known: Known = { body, distances, derivations, merges: [...present, ...baseless], layers, missing: [] }
  const missing = yield* during('missing models', findMissing(architecture, distinct, known))
  const recovered = yield* during('trees', placeMissing(known, missing))
  const { links, ghosts, runs, root } = recovered.drawn
  const directionKnown = distinct.length > 2 || derivations.length > 0

  const inferred = distinct.length + recovered.missing.length
  const modelAt = (node: number): number =>
    node < distinct.length ? architecture.members[distinct[node]!]! : firstGhost + node - distinct.length
  const isRebuilt = ({ parent, child }: RecoveredRelation): boolean =>
    [parent, child].some((node) => node >= distinct.length && node < inferred)
  const relations = [
    ...links.map((link): RecoveredRelation => {
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
  ].map((relation) => ({
    ...relation,
    ...(isRebuilt(relation) && { estimatedFrom: 'numbers' as const }),
    parent: modelAt(relation.parent),
    child: modelAt(relation.child),
  }))
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
    verdicts: runs.map(({ nodes, cosine }) => ({ kind: 'same-run', models: nodes.map(modelAt), cosine })),
  }
}

/** The merge with the source in the place of each parent that has its source's whole body: nothing that was merged tells them apart. */
function fromSources(merge: Merge, derivations: readonly Derivation[], distances: readonly Float64Array[]): Merge {
  const source = (node: number): number => {
    const step = derivations.find(({ parent, child }) => child === node && distances[parent]![child] === 0)
    return step ? source(step.parent) : node
  }
  const { base } = merge
  return {
    ...merge,
    base: base === null ? null : source(base),
    parents: merge.parents.map((parent) => ({ ...parent, node: source(parent.node) })),
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

/** The rank of an update between a missing model and one that shows it: the estimate of the model would blur it. */
function loraRank({ missing, layers }: Known, { parent, child }: TreeLink): { type: 'lora'; rank: number } | null {
  const model = missing[Math.max(parent, child) - (layers.length - missing.length)]
  const update = model?.updates.find(({ member }) => member === parent || member === child)
  return update ? { type: 'lora', rank: update.rank } : null
}
