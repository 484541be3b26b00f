import { measureCorrelation, type MeasuredLink } from './correlation.ts'

/**
 * Support of each link of a spanning tree: its probability against every candidate that could take its place.
 *
 * Were the candidate true instead, the tree would add up wrongly by as much as the candidate is shorter than the way
 * through the tree. Updates have cosines with each other that differ from family to family; measured on the tree itself
 * (correlation.ts), their spread says how far off a sum of squared lengths may be, and so how many times less likely the
 * candidate is. The spread is itself an estimate, hence Student's distribution, with its long tails for small families.
 *
 * @param candidates all links that were considered
 * @param tree positions of the links of the tree among the candidates
 * @param isRival whether a candidate (second) stands against a link of the tree (first) at all
 * @param distance squared distance of two nodes
 * @returns support, 0 to 1, by position of the link
 */
export function linkSupport(
  nodes: number,
  candidates: readonly MeasuredLink[],
  tree: readonly number[],
  isRival: (link: number, candidate: number) => boolean,
  distance: (a: number, b: number) => number,
): Map<number, number> {
  const links = tree.map((index) => candidates[index]!)
  const { square, freedom } = measureCorrelation(nodes, links, distance)
  const between = waysThrough(nodes, candidates, tree)
  const inTree = new Set(tree)
  const against = new Map(tree.map((index) => [index, 0]))
  for (const [index, { a, b, length }] of candidates.entries()) {
    if (inTree.has(index)) continue
    const way = between(a, b)
    const lengths = way.map((link) => candidates[link]!.length)
    for (const link of way) {
      if (!isRival(link, index)) continue
      const surprise = surpriseOf(length, candidates[link]!.length, lengths, square)
      against.set(link, against.get(link)! + relativeLikelihood(surprise, freedom))
    }
  }
  return new Map([...against].map(([link, likelihood]) => [link, 1 / (1 + likelihood)]))
}

/**
 * How surprising the distances were if a candidate were true in place of a link: the squared deviation, in units of the variance. Negative
 * where they would be less so than they are.
 *
 * @param lengths squared lengths of the links on the way between the candidate's ends
 * @param square mean squared cosine of two links that meet
 */
export function surpriseOf(candidate: number, link: number, lengths: readonly number[], square: number): number {
  const sum = lengths.reduce((total, length) => total + length, 0)
  const squares = lengths.reduce((total, length) => total + length ** 2, 0)
  // Of ‖Σ e‖² around Σ ‖e‖², if any two steps e of the way have a cosine of that mean square.
  const variance = 2 * square * (sum * sum - squares)
  return variance > 0 ? (4 * (candidate - link) * (sum - link)) / variance : Infinity
}

/** Student's likelihood at a squared deviation, in units of the variance, relative to that at none; inverse below 0. */
export function relativeLikelihood(surprise: number, freedom: number): number {
  return (1 + Math.abs(surprise) / freedom) ** ((-Math.sign(surprise) * freedom) / 2)
}

/** The links of a tree on the way between two nodes. */
export function waysThrough(
  nodes: number,
  candidates: readonly MeasuredLink[],
  tree: readonly number[],
): (from: number, to: number) => number[] {
  const neighbours: { to: number; link: number }[][] = Array.from({ length: nodes }, () => [])
  for (const link of tree) {
    const { a, b } = candidates[link]!
    neighbours[a]!.push({ to: b, link })
    neighbours[b]!.push({ to: a, link })
  }
  const up = new Int32Array(nodes).fill(-1)
  const upLink = new Int32Array(nodes).fill(-1)
  const depth = new Int32Array(nodes)
  const order = [0]
  for (const node of order) {
    for (const { to, link } of neighbours[node]!) {
      if (link === upLink[node]) continue
      up[to] = node
      upLink[to] = link
      depth[to] = depth[node]! + 1
      order.push(to)
    }
  }
  return (from, to) => {
    const way: number[] = []
    let [a, b] = [from, to]
    while (a !== b) {
      if (depth[a]! < depth[b]!) [a, b] = [b, a]
      way.push(upLink[a]!)
      a = up[a]!
    }
    return way
  }
}
