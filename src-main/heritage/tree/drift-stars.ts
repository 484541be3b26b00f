import type { BodySlot } from '../body.ts'
import { linkBetween, type Link } from '../link.ts'
import { branchesOf } from './branches.ts'
import { findDriftStar, type DriftStar } from './common-drift.ts'
import { directionEvidence, pooledEvidence } from './direction.ts'

/**
 * The branches of a spanning tree that are stars of siblings trained alike, none overlapping another. A star may also look
 * like one from one of its own members; the hub is where most of them belong, and what the members are made from.
 */
export function driftStars(
  body: readonly BodySlot[],
  nodes: number,
  tree: readonly Link[],
  distance: (a: number, b: number) => number,
): DriftStar[] {
  const found = branchesOf(nodes, tree, distance)
    .flatMap((branch) => findDriftStar(branch, distance) ?? [])
    .map((star) => ({ star, evidence: evidenceFor(body, star) }))
    .filter(({ evidence }) => evidence > 0)
    .sort((a, b) => b.star.members.length - a.star.members.length || b.evidence - a.evidence)
  const used = new Set<number>()
  return found.flatMap(({ star }) => {
    const own = [star.hub, ...star.members]
    if (own.some((node) => used.has(node))) return []
    for (const node of own) used.add(node)
    return [star]
  })
}

/** Log-odds, summed over the members, that they are made from the hub. */
function evidenceFor(body: readonly BodySlot[], { hub, members }: DriftStar): number {
  return members.reduce((sum, node) => sum + pooledEvidence(directionEvidence(linkBetween(body, hub, node), body)), 0)
}
