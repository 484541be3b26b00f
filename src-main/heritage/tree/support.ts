import { REPLICATES } from '../../contract/graph.ts'
import { pooledFamilyEvidence, type DirectionEvidence } from './direction.ts'
import { resample, seededRandom } from './random.ts'
import { bestRoot, parentsFrom, pointsAwayFromRoot, rootScores } from './root.ts'

/** One link of a rooted tree. */
export interface TreeLink {
  readonly parent: number
  readonly child: number
  /** Probability that the two are linked, 0 to 1. */
  readonly support: number
  /** Probability that the link points this way, 0 to 1. */
  readonly directionSupport: number
}

/** An undirected link of the tree, with its support and with what speaks for its direction a → b. */
export interface Edge {
  readonly a: number
  readonly b: number
  readonly support: number
  readonly evidence: DirectionEvidence
}

/**
 * Roots a tree where the pooled evidence of all links agrees best. The support of a direction is the probability of all
 * roots that point the link this way.
 *
 * @param edges a tree on `nodes` nodes
 * @param root where it is known already
 */
export function rootTree(edges: readonly Edge[], nodes: number, root?: number): { links: TreeLink[]; root: number } {
  const evidence = pooledFamilyEvidence(edges.map((edge) => edge.evidence))
  const scores = rootScores(
    nodes,
    edges.map(({ a, b }, i) => ({ a, b, evidence: evidence[i]! })),
  )
  const top = root ?? bestRoot(scores)
  const parents = parentsFrom(top, nodes, edges)
  const certainty = root === undefined ? pointsAwayFromRoot(scores, parents) : new Float64Array(nodes).fill(1)
  const links = edges.map(({ a, b, support }): TreeLink => {
    const [parent, child] = parents[b] === a ? [a, b] : [b, a]
    return { parent, child, support, directionSupport: certainty[child]! }
  })
  return { links, root: top }
}

/** Share of the bootstrap replicates over tensors (Felsenstein 1985) in which something holds. */
export function bootstrapShare(slots: number, holds: (weights: Float64Array) => boolean): number {
  const random = seededRandom(slots)
  let held = 0
  for (let replicate = 0; replicate < REPLICATES; replicate++) if (holds(resample(slots, random))) held++
  return held / REPLICATES
}
