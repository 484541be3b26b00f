import type { BodySlot } from './body.ts'
import type { Derivation } from './exact/derivation.ts'
import { copyType } from './exact/exact.ts'
import type { Ghost } from './tree/ghost.ts'
import { ghostChange, ghostEvidence } from './tree/ghost-estimate.ts'
import { linkBetween, totalDistance } from './link.ts'
import type { Merge } from './merge/merge.ts'
import { centredCosine, centredEnergy, isWeight } from './tensors.ts'
import type { FamilyLink } from './tree/tree.ts'
import type { HeritageModel, RecoveredRelation } from './types.ts'
import { describeUpdate } from './update.ts'

/** A direction is stated where it is twice as likely as the other; below that the relation is drawn without one. */
export const DIRECTION_KNOWN = 2 / 3

/** A link of the tree that training made. */
export function describeUpdateLink(
  body: readonly BodySlot[],
  link: FamilyLink,
  directionKnown: boolean,
): RecoveredRelation {
  const { parent, child, support, directionSupport, siblingCosine } = link
  return {
    ...measured(body, parent, child),
    ...describeUpdate(body, parent, child),
    directed: directionKnown && directionSupport >= DIRECTION_KNOWN,
    support,
    directionSupport,
    siblingCosine,
    weight: null,
  }
}

/** A link to or from a missing model, whose norm and distance are inferred. */
export function describeGhostLink(body: readonly BodySlot[], ghost: Ghost, link: FamilyLink): RecoveredRelation {
  const { parent, child, support, directionSupport } = link
  const known = Math.min(parent, child)
  const { growth, distance } = ghostEvidence(body, ghost, known)
  const norm = body.reduce(
    (sum, { matrix, tensors }) => sum + (matrix ? (tensors[known]?.moments?.sumSquares ?? 0) : 0),
    0,
  )
  const far = sum(distance)
  const ghostNorm = norm - sum(growth)
  return {
    parent,
    child,
    type: 'fine-tune',
    directed: directionSupport >= DIRECTION_KNOWN,
    support,
    directionSupport,
    siblingCosine: null,
    weight: null,
    rank: null,
    relativeChange: ghostChange(body, ghost, known, parent !== known),
    cosine: (norm + ghostNorm - far) / (2 * Math.sqrt(norm * ghostNorm)),
    changedMatrices: distance.filter((d) => d > 0).length,
    matrices: body.filter(({ matrix }) => matrix).length,
    estimatedFrom: 'distances',
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}

/** A derivation is proven, not inferred. */
export function describeDerivation(body: readonly BodySlot[], { type, parent, child }: Derivation): RecoveredRelation {
  return {
    ...measured(body, parent, child),
    ...describeUpdate(body, parent, child),
    type,
    rank: null,
    directed: true,
    support: 1,
    directionSupport: 1,
    siblingCosine: null,
    weight: null,
  }
}

/** One relation for each parent of a merge. */
export function describeMerge(body: readonly BodySlot[], { parents, child, support }: Merge): RecoveredRelation[] {
  return parents.map(({ node, weight, layers }) => ({
    ...measured(body, node, child),
    ...describeUpdate(body, node, child),
    type: 'merge',
    rank: null,
    directed: true,
    support: support ?? 1,
    directionSupport: support ?? 1,
    ...(support !== undefined && { missingBase: true }),
    siblingCosine: null,
    weight,
    ...(layers && { layerWeights: layers }),
  }))
}

/** Two models with the same numbers, as positions in the list that was given. */
export function describeTwin(models: readonly HeritageModel[], first: number, other: number): RecoveredRelation {
  return {
    parent: first,
    child: other,
    type: copyType(models[first]!, models[other]!),
    directed: false,
    support: 1,
    directionSupport: null,
    siblingCosine: null,
    weight: null,
    rank: null,
    relativeChange: 0,
    cosine: 1,
    changedMatrices: 0,
    matrices: 0,
  }
}

/** Relative change and cosine of two members over the body. */
export function measured(
  body: readonly BodySlot[],
  parent: number,
  child: number,
): Pick<RecoveredRelation, 'parent' | 'child' | 'relativeChange' | 'cosine'> {
  const norm = body.reduce((sum, slot) => sum + (slot.tensors[parent]?.moments?.sumSquares ?? 0), 0)
  const distance = totalDistance(body, linkBetween(body, parent, child))
  return { parent, child, relativeChange: Math.sqrt(distance / norm), cosine: bodyCosine(body, parent, child) }
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
