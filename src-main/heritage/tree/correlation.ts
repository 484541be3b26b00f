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
const USUAL = 0.05
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
  const around: { to: number; length: number }[][] = Array.from({ length: nodes }, () => [])
  const trained = tree.filter(({ length }) => length > 0)
  for (const { a, b, length } of trained) {
    around[a]!.push({ to: b, length })
    around[b]!.push({ to: a, length })
  }
  let sum = 0
  let pairs = 0
  for (const links of around) {
    links.forEach((x, i) => {
      for (const y of links.slice(i + 1)) {
        const product = (x.length + y.length - distance(x.to, y.to)) / 2
        sum += Math.min(1, (product * product) / (x.length * y.length))
        pairs++
      }
    })
  }
  // Pairs at one node are not independent of each other; there are no more courses than links beyond the first.
  const freedom = Math.min(pairs, trained.length - 1)
  const seen = pairs === 0 ? 0 : (sum / pairs) * freedom
  return { square: (USUAL_WEIGHT * USUAL ** 2 + seen) / (USUAL_WEIGHT + freedom), freedom: USUAL_WEIGHT + freedom }
}
