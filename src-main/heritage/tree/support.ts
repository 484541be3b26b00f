import { REPLICATES } from '../../contract/graph.ts'
import { bestRoot, parentsFrom, pooledEvidence, type DirectionEvidence } from './direction.ts'
import { resample, seededRandom } from './random.ts'

/** One link of a rooted tree. */
export interface TreeLink {
  readonly parent: number
  readonly child: number
  /** Share of the replicates that hold the link, 0 to 1. */
  readonly support: number
  /** Share of the replicates whose evidence points it this way, 0 to 1. */
  readonly directionSupport: number
}

/** An undirected link of the tree, with what speaks for its direction a → b, and whether a replicate holds it. */
export interface Edge {
  readonly a: number
  readonly b: number
  readonly evidence: DirectionEvidence
  readonly holds: (drawn: ReadonlySet<string>, weights: Float64Array) => boolean
}

/**
 * Roots a tree where the pooled evidence of all links agrees best, and measures the support of each link and of its
 * direction in bootstrap replicates over the tensors (Felsenstein 1985).
 *
 * @param edges a tree on `nodes` nodes
 * @param slots number of tensors to draw from
 * @param draw the links of a replicate, named as the edges expect it
 * @param root where it is known already
 */
export function rootAndSupport(
  edges: readonly Edge[],
  nodes: number,
  slots: number,
  draw: (weights: Float64Array) => ReadonlySet<string>,
  root?: number,
): { links: TreeLink[]; root: number } {
  const orient = (weights?: Float64Array): { parents: Int32Array; top: number } => {
    const weighed = edges.map(({ a, b, evidence }) => ({ a, b, evidence: pooledEvidence(evidence, weights) }))
    const top = root ?? bestRoot(nodes, weighed)
    return { parents: parentsFrom(top, nodes, edges), top }
  }
  const { parents, top } = orient()
  const held = new Float64Array(edges.length)
  const agreed = new Float64Array(edges.length)
  const random = seededRandom(nodes)
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    const weights = resample(slots, random)
    const drawn = draw(weights)
    const oriented = orient(weights).parents
    edges.forEach(({ a, b, holds }, i) => {
      if (holds(drawn, weights)) held[i]!++
      if ((oriented[a] === b) === (parents[a] === b)) agreed[i]!++
    })
  }
  const links = edges.map(({ a, b }, i): TreeLink => {
    const [parent, child] = parents[b] === a ? [a, b] : [b, a]
    return { parent, child, support: held[i]! / REPLICATES, directionSupport: agreed[i]! / REPLICATES }
  })
  return { links, root: top }
}
