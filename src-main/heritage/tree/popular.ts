import { measureCorrelation, type MeasuredLink } from './correlation.ts'
import { relativeLikelihood, surpriseOf, waysThrough } from './link-support.ts'

/** Where updates are less orthogonal than this (root mean square cosine), distances leave too much open to be decided so. */
const MOST_CORRELATION = 0.09

/**
 * Moves the end of a link to the model from which more hangs, where distances cannot tell the two: models get new children in proportion
 * to those they have (preferential attachment, Price 1976). The odds of a place are its likelihood (link-support.ts) times the
 * number of its other links; the best move first, until none is better.
 *
 * @param candidates all links that were considered
 * @param tree positions of the links of the spanning tree among the candidates
 * @param isRival whether a candidate (second) may take the place of a link (first)
 * @param distance squared distance of two nodes
 * @returns the tree with links moved
 */
export function preferPopular(
  nodes: number,
  candidates: readonly MeasuredLink[],
  tree: readonly number[],
  isRival: (link: number, candidate: number) => boolean,
  distance: (a: number, b: number) => number,
): readonly number[] {
  const measured = measureCorrelation(
    nodes,
    tree.map((index) => candidates[index]!),
    distance,
  )
  if (measured.square > MOST_CORRELATION ** 2) return tree
  const current = [...tree]
  // Each move adds to the larger of two numbers of links, so that there is an end to them; a bound for what rounding might do.
  for (let round = 0; round < nodes; round++) {
    const between = waysThrough(nodes, candidates, current)
    const inTree = new Set(current)
    const degree = new Int32Array(nodes)
    for (const index of current) for (const end of ends(candidates[index]!)) degree[end]!++
    let best = { odds: 1, link: -1, candidate: -1 }
    for (const [candidate, rival] of candidates.entries()) {
      if (inTree.has(candidate)) continue
      const way = between(rival.a, rival.b)
      for (const link of new Set([way[0]!, way.at(-1)!])) {
        const kept = ends(candidates[link]!).find((end) => ends(rival).includes(end))
        if (kept === undefined || candidates[link]!.length === 0 || !isRival(link, candidate)) continue
        const [from, to] = [otherEnd(candidates[link]!, kept), otherEnd(rival, kept)]
        const lengths = way.map((index) => candidates[index]!.length)
        const likelihood = relativeLikelihood(
          surpriseOf(rival.length, candidates[link]!.length, lengths, measured.square),
          measured.freedom,
        )
        const odds = (likelihood * degree[to]!) / Math.max(1, degree[from]! - 1)
        if (odds > best.odds) best = { odds, link, candidate }
      }
    }
    if (best.link < 0) break
    current[current.indexOf(best.link)] = best.candidate
  }
  return current
}

function ends({ a, b }: MeasuredLink): [number, number] {
  return [a, b]
}

function otherEnd({ a, b }: MeasuredLink, end: number): number {
  return a === end ? b : a
}
