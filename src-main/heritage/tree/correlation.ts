/** A link with its squared length. */
export interface MeasuredLink {
  readonly a: number
  readonly b: number
  readonly length: number
}

/** How far from orthogonal the updates of a family are. */
export interface Correlation {
  /** Mean squared cosine of two links that meet, 0 to 1. */
  readonly square: number
  /** How many independent numbers this is known from; not whole. */
  readonly freedom: number
}

/** The cosine that is expected before any was seen, and how many observed ones that expectation counts as. */
export const USUAL_COSINE = 0.05
const USUAL_WEIGHT = 0.5

/**
 * The squared cosine ⟨x − v, y − v⟩² / ‖x − v‖²‖y − v‖² over all pairs of links of a tree that meet. Additive distances
 * mean 0; noise of the sketches, chance, a course that siblings share, weight decay and a star drawn as a chain all show here.
 *
 * @param distance squared distance of two nodes
 */
export function measureCorrelation(
  nodes: number,
  tree: readonly MeasuredLink[],
  distance: (a: number, b: number) => number,
): Correlation {
  return correlationElsewhere(nodes, tree, distance)(null)
}

/** The same without the pairs that meet at one node. */
export function correlationElsewhere(
  nodes: number,
  tree: readonly MeasuredLink[],
  distance: (a: number, b: number) => number,
): (node: number | null) => Correlation {
  const trained = tree.filter(({ length }) => length > 0)
  const around = neighboursIn(nodes, trained)
  const squares = around.map((neighbours, node) => squaredCosinesAt(node, neighbours, distance))
  const sums = squares.map((some) => some.reduce((total, square) => total + square, 0))
  const [allPairs, allSum] = [squares.flat().length, sums.reduce((total, sum) => total + sum, 0)]
  return (node) => {
    const pairs = allPairs - (node === null ? 0 : squares[node]!.length)
    const sum = allSum - (node === null ? 0 : sums[node]!)
    // Pairs at one node are not independent of each other; there are no more courses than links beyond the first.
    const links = trained.length - Math.max(1, node === null ? 0 : around[node]!.length)
    const freedom = Math.max(0, Math.min(pairs, links))
    const seen = pairs === 0 ? 0 : (sum / pairs) * freedom
    return {
      square: (USUAL_WEIGHT * USUAL_COSINE ** 2 + seen) / (USUAL_WEIGHT + freedom),
      freedom: USUAL_WEIGHT + freedom,
    }
  }
}

/** The neighbours of every node. */
export function neighboursIn(nodes: number, tree: readonly { readonly a: number; readonly b: number }[]): number[][] {
  const neighbours: number[][] = Array.from({ length: nodes }, () => [])
  for (const { a, b } of tree) {
    neighbours[a]!.push(b)
    neighbours[b]!.push(a)
  }
  return neighbours
}

/** Of a large star so many children are enough: their pairs grow with the square. */
export const MOST_AT_A_NODE = 24

/** ⟨x − v, y − v⟩² / ‖x − v‖²‖y − v‖² for the pairs of neighbours x, y of v, each at most 1. */
export function squaredCosinesAt(
  v: number,
  neighbours: readonly number[],
  distance: (a: number, b: number) => number,
): number[] {
  const some = neighbours.slice(0, MOST_AT_A_NODE)
  return some.flatMap((x, at) =>
    some.slice(at + 1).flatMap((y) => {
      const [a, b] = [distance(v, x), distance(v, y)]
      return a > 0 && b > 0 ? [Math.min(1, (a + b - distance(x, y)) ** 2 / (4 * a * b))] : []
    }),
  )
}
