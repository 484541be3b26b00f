import type { BodySlot } from '../body.ts'
import { linkBetween } from '../link.ts'
import type { DirectionEvidence } from './direction.ts'
import { pairsOf, type Ghost } from './ghost.ts'

/** What is known of the way between a ghost and one of its neighbours, per slot; NaN where one of those around has no such tensor. */
export interface GhostEstimate {
  /** Growth of the squared norm from the ghost to the neighbour. */
  readonly growth: Float64Array
  /** Squared distance: without bias, so that small ones may be below 0. */
  readonly distance: Float64Array
}

/**
 * Squared distances add up, so that ‖h − v‖² of a ghost h near v is the mean over pairs of the group of
 * γ_ij = (‖i − v‖² + ‖j − v‖² − ‖i − j‖²) / 2, and a member i is ‖i − v‖² less that away. ⟨v, h − v⟩ is the mean over the
 * group of ⟨v, i − v⟩, because what each member did on its own is orthogonal to v.
 */
export function estimateGhost(body: readonly BodySlot[], { near, group }: Ghost, node: number): GhostEstimate {
  const toGroup = group.map((i) => linkBetween(body, near, i).distances)
  const fromNode = [near, ...group].map((i) => linkBetween(body, node, i).distances)
  const pairs = pairsOf(group).map(
    ([i, j]) => [group.indexOf(i), group.indexOf(j), linkBetween(body, i, j).distances] as const,
  )
  const growth = new Float64Array(body.length).fill(NaN)
  const distance = new Float64Array(body.length).fill(NaN)
  body.forEach(({ tensors }, slot) => {
    const v = tensors[near]?.moments
    const target = tensors[node]?.moments
    const members = group.map((i) => tensors[i]?.moments)
    if (!v || !target || members.some((member) => !member)) return
    const own =
      pairs.reduce((sum, [i, j, apart]) => sum + (toGroup[i]![slot]! + toGroup[j]![slot]! - apart[slot]!) / 2, 0) /
      pairs.length
    const along =
      members.reduce((sum, member, i) => sum + (member!.sumSquares - v.sumSquares - toGroup[i]![slot]!), 0) /
      group.length
    const member = group.indexOf(node)
    distance[slot] = node === near ? own : member >= 0 ? toGroup[member]![slot]! - own : joinedDistance(slot, own)
    growth[slot] = target.sumSquares - (v.sumSquares + along + own)
  })
  return { growth, distance }

  /** The distances to those around, less theirs from the ghost. */
  function joinedDistance(slot: number, own: number): number {
    const fromGhost = [own, ...toGroup.map((distances) => distances[slot]! - own)]
    return fromNode.reduce((sum, distances, i) => sum + distances[slot]! - fromGhost[i]!, 0) / fromNode.length
  }
}

/** Evidence for the direction ghost → node, from norms alone, over the matrices that seem to differ. */
export function ghostEvidence(body: readonly BodySlot[], ghost: Ghost, node: number): DirectionEvidence {
  const estimate = estimateGhost(body, ghost, node)
  const counts = (slot: number): boolean => body[slot]!.matrix && estimate.distance[slot]! > 0
  return {
    growth: estimate.growth.map((value, slot) => (counts(slot) ? value : 0)),
    distance: estimate.distance.map((value, slot) => (counts(slot) ? value : 0)),
    kurtosis: new Float64Array(body.length),
    orthogonality: 0,
    proof: 0,
  }
}

/**
 * The length of a link between a ghost and a neighbour over the whole body, in the unit of links between models that are
 * there: relative to the norm of the one that came first. What not all of those around have is made up for by size.
 *
 * @param towards whether the link points from the ghost to the neighbour
 */
export function ghostChange(body: readonly BodySlot[], ghost: Ghost, node: number, towards: boolean): number {
  const { growth, distance } = estimateGhost(body, ghost, node)
  let [squares, elements, all, norm] = [0, 0, 0, 0]
  body.forEach((slot, at) => {
    all += slot.elements
    norm += slot.tensors[node]?.moments?.sumSquares ?? 0
    if (Number.isNaN(distance[at])) return
    squares += distance[at]!
    elements += slot.elements
    if (towards) norm -= growth[at]!
  })
  return Math.sqrt(Math.max(0, squares * (all / elements)) / norm)
}
