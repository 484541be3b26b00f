import type { TreeLink } from './support.ts'

/** Checkpoints of one run, in order. */
export interface Run {
  readonly nodes: readonly number[]
  /** The least cosine of two steps that follow each other, 0 to 1. */
  readonly cosine: number
}

/**
 * At least half of a step goes on in the direction of the one before. Separate trainings measured are within .25 of
 * orthogonal, and siblings that were drawn as a chain turn back.
 */
const SAME_COURSE = 0.5

/**
 * Ways through a tree on which each step goes on in the direction of the one before: a training that was saved several
 * times. A second training of the same data from the same start would look the same.
 *
 * @param distance squared distance of two nodes
 */
export function findRuns(links: readonly TreeLink[], distance: (a: number, b: number) => number): Run[] {
  const above = new Map(links.map(({ parent, child }) => [child, parent]))
  const next = new Map<number, { to: number; cosine: number }>()
  for (const { parent, child } of links) {
    const before = above.get(parent)
    if (before === undefined) continue
    const [first, second] = [distance(before, parent), distance(parent, child)]
    const cosine = (distance(before, child) - first - second) / (2 * Math.sqrt(first * second))
    if (cosine > SAME_COURSE && cosine > (next.get(parent)?.cosine ?? 0)) next.set(parent, { to: child, cosine })
  }
  const continued = new Set([...next.values()].map(({ to }) => to))
  return [...next.keys()]
    .filter((node) => !continued.has(node))
    .map((node): Run => {
      const nodes = [above.get(node)!, node]
      let cosine = 1
      for (let step = next.get(node); step; step = next.get(step.to)) {
        nodes.push(step.to)
        cosine = Math.min(cosine, step.cosine)
      }
      return { nodes, cosine }
    })
}
