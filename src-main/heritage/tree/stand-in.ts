import { correlationElsewhere, MOST_AT_A_NODE, neighboursIn, USUAL_COSINE } from './correlation.ts'

/** Odds, before anything is seen, that a model with a parent and children stands in for one that is missing. An assumption. */
const PRIOR = 0.05
/** What shares nearly all of its way with the others would be the missing model itself. */
const WHOLE = 0.95

/** γ = ⟨x − v, y − v⟩ of two neighbours, and 1 / ‖x − v‖‖y − v‖, which makes a cosine of it. */
interface Pair {
  readonly shared: number
  readonly scale: number
}

/**
 * Odds that a model v only stands in for one that is missing, so that what hangs from v is not its own. A child's update is
 * orthogonal to its parent's own way: with p the parent of v, γ_pc = ⟨p − v, c − v⟩ is 0 for every child c (the Gromov product
 * of the two as seen from v). If they hang from a missing h off v, it is ‖h − v‖², one constant above 0 for all pairs around v.
 * Both are weighed by their likelihood, with the spread of cosines measured elsewhere in the tree (correlation.ts), any size
 * of the cosine being as likely as any other. Children of v that were trained alike share something among themselves but nothing with p, so
 * that the pairs with p must say it by themselves, as well as all pairs together.
 *
 * @param tree links that training made
 * @returns by node; 0 where nothing speaks for it, and for the root, where siblings trained alike look the same
 */
export function standInOdds(
  nodes: number,
  tree: readonly { readonly parent: number; readonly child: number }[],
  distance: (a: number, b: number) => number,
): Float64Array {
  const links = tree.map(({ parent, child }) => ({ a: parent, b: child, length: distance(parent, child) }))
  const elsewhere = correlationElsewhere(nodes, links, distance)
  const around = neighboursIn(nodes, links)
  const parents = new Map(tree.map(({ parent, child }) => [child, parent]))
  const odds = new Float64Array(nodes)
  for (const [v, neighbours] of around.entries()) {
    const parent = parents.get(v)
    const near = neighbours.filter((node) => distance(v, node) > 0)
    if (parent === undefined || near.length < 2 || !near.includes(parent)) continue
    const { square, freedom } = elsewhere(v)
    // No tree is taken to be nearer to orthogonal than trees mostly are: what is seen of it may be luck.
    const spread = { square: Math.max(square, USUAL_COSINE ** 2), freedom }
    const children = near.filter((node) => node !== parent).slice(0, MOST_AT_A_NODE)
    const pairsWith = (x: number, others: readonly number[]): Pair[] => others.map((y) => pairAt(v, x, y, distance))
    const withParent = pairsWith(parent, children)
    const all = [...withParent, ...children.flatMap((x, i) => pairsWith(x, children.slice(i + 1)))]
    const limit = WHOLE * Math.min(...near.map((node) => distance(v, node)))
    // Pairs of the same links are not independent: there are no more courses than links beyond the first.
    odds[v] =
      PRIOR * Math.min(weigh(withParent, children.length, spread, limit), weigh(all, children.length, spread, limit))
  }
  return odds
}

function pairAt(v: number, x: number, y: number, distance: (a: number, b: number) => number): Pair {
  const [a, b] = [distance(v, x), distance(v, y)]
  return { shared: (a + b - distance(x, y)) / 2, scale: 1 / Math.sqrt(a * b) }
}

/**
 * How many times likelier one constant above 0 makes these pairs than none does, by Student's distribution.
 *
 * @param count how many independent numbers the pairs are
 * @param limit the constant at most
 */
function weigh(
  pairs: readonly Pair[],
  count: number,
  { square, freedom }: { square: number; freedom: number },
  limit: number,
): number {
  const sum = (value: (pair: Pair) => number): number => pairs.reduce((total, pair) => total + value(pair), 0)
  const constant = Math.min(limit, sum(({ shared, scale }) => shared * scale ** 2) / sum(({ scale }) => scale ** 2))
  if (!(constant > 0)) return 0
  const surprise = (off: number): number =>
    Math.log1p(((count / pairs.length) * sum((pair) => ((pair.shared - off) * pair.scale) ** 2)) / (freedom * square))
  // The cosine may be anything from 0 to 1, of which this width fits: the price of a constant that is free.
  const width = Math.sqrt((2 * Math.PI * square) / count)
  return Math.exp(((freedom + count) / 2) * (surprise(0) - surprise(constant))) * width
}
