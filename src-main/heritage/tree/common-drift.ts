import type { Branch } from './branches.ts'

/** Models made from one hub by trainings with a course in common: same seed, or data that overlap. */
export interface DriftStar {
  readonly hub: number
  /** The children of the hub, four or more. */
  readonly members: readonly number[]
  /** Mean cosine of their updates, 0 to 1. */
  readonly cosine: number
  /** By how much the squared distance of two models is too short for what each did alone. */
  readonly shortening: (a: number, b: number) => number
}

/** With fewer members one course in common fits any three cosines. */
const LEAST_MEMBERS = 4
/** Beyond this branches are not looked at: the work grows with their square. */
const MOST_MEMBERS = 64
/** The tree must add up so badly (root mean square cosine at its nodes), and the star so much better. */
const TREE_MISFIT = 0.2
const IMPROVEMENT = 0.6
/** A member that shares more than this of another one's private part was made from it. */
const PRIVATE = 0.45
/** A member that has nothing private is an ancestor. */
const WHOLE = 0.95
/** A drift grows with each one's own step (slope 1), the way to a missing ancestor does not (slope 0). */
const LEAST_SLOPE = 0.5

/**
 * Tests whether a branch of the tree is a star. Siblings with a common drift lie nearer to each other than to their parent,
 * and the spanning tree chains them. Seen from the parent, ⟨i, j⟩ = c_i c_j for siblings (one shared course, private parts
 * that are orthogonal: one-factor analysis, Spearman 1904), while along a chain it is the length of the shared way.
 *
 * @param distance squared distance of two models
 * @returns null where the branch is a tree, or cannot be told from one
 */
export function findDriftStar(
  { hub, nodes, misfit }: Branch,
  distance: (a: number, b: number) => number,
): DriftStar | null {
  if (nodes.length < LEAST_MEMBERS || nodes.length > MOST_MEMBERS || misfit < TREE_MISFIT) return null
  const size = new Map(nodes.map((node) => [node, Math.sqrt(distance(hub, node))]))
  if ([...size.values()].includes(0)) return null
  const cosine = (i: number, j: number): number => {
    const [a, b] = [size.get(i)!, size.get(j)!]
    return (a * a + b * b - distance(i, j)) / (2 * a * b)
  }
  const keeper = new Map(nodes.map((node) => [node, node]))
  let members = [...nodes]
  let shares = fitShares(members, cosine)
  while (shares && members.length > LEAST_MEMBERS) {
    const worst = mostAlike(members, shares, cosine)
    if (worst.alike < PRIVATE) break
    const [near, far] = size.get(worst.i)! < size.get(worst.j)! ? [worst.i, worst.j] : [worst.j, worst.i]
    for (const [node, kept] of keeper) if (kept === far) keeper.set(node, near)
    members = members.filter((node) => node !== far)
    shares = fitShares(members, cosine)
  }
  if (!shares || mostAlike(members, shares, cosine).alike >= PRIVATE) return null
  const free = (members.length * (members.length - 3)) / 2
  const starMisfit = Math.sqrt(sumOverPairs(members, (i, j) => privateCosine(shares!, cosine, i, j) ** 2) / free)
  if (starMisfit > IMPROVEMENT * misfit || growthOfDrift(members, shares, size) < LEAST_SLOPE) return null
  const course = (node: number): number => shares!.get(keeper.get(node)!)! * size.get(keeper.get(node)!)!
  const pairs = (members.length * (members.length - 1)) / 2
  return {
    hub,
    members,
    cosine: sumOverPairs(members, cosine) / pairs,
    shortening: (a, b) =>
      keeper.has(a) && keeper.has(b) && keeper.get(a) !== keeper.get(b) ? 2 * course(a) * course(b) : 0,
  }
}

/** h with cosine(i, j) ≈ h_i · h_j off the diagonal, by alternating least squares; null unless all are between 0 and 1. */
function fitShares(
  members: readonly number[],
  cosine: (i: number, j: number) => number,
): ReadonlyMap<number, number> | null {
  const shares = new Map(members.map((i) => [i, 0.7]))
  for (let round = 0; round < 50; round++) {
    for (const i of members) {
      const others = members.filter((j) => j !== i)
      const product = others.reduce((sum, j) => sum + cosine(i, j) * shares.get(j)!, 0)
      const square = others.reduce((sum, j) => sum + shares.get(j)! ** 2, 0)
      shares.set(i, product / square)
    }
  }
  return members.every((i) => shares.get(i)! > 0 && shares.get(i)! < WHOLE) ? shares : null
}

/** The cosine of what two members do not owe to the common course. */
function privateCosine(
  shares: ReadonlyMap<number, number>,
  cosine: (i: number, j: number) => number,
  i: number,
  j: number,
): number {
  const [a, b] = [shares.get(i)!, shares.get(j)!]
  return (cosine(i, j) - a * b) / Math.sqrt((1 - a * a) * (1 - b * b))
}

function mostAlike(
  members: readonly number[],
  shares: ReadonlyMap<number, number>,
  cosine: (i: number, j: number) => number,
): { i: number; j: number; alike: number } {
  let worst = { i: -1, j: -1, alike: -Infinity }
  forPairs(members, (i, j) => {
    const alike = privateCosine(shares, cosine, i, j)
    if (alike > worst.alike) worst = { i, j, alike }
  })
  return worst
}

/** The least slope of log(share · size) on log(size) when any one member is left out: one that stands apart may make a slope by itself. */
function growthOfDrift(
  members: readonly number[],
  shares: ReadonlyMap<number, number>,
  size: ReadonlyMap<number, number>,
): number {
  return Math.min(
    ...members.map((left) => {
      const kept = members.filter((node) => node !== left)
      const sizes = kept.map((i) => Math.log(size.get(i)!))
      return slope(
        sizes,
        kept.map((i, at) => sizes[at]! + Math.log(shares.get(i)!)),
      )
    }),
  )
}

/** Of the line through points that fits best; 0 where all x are one, which decides nothing. */
function slope(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mx, my] = [mean(x), mean(y)]
  const square = x.reduce((sum, value) => sum + (value - mx) ** 2, 0)
  return square === 0 ? 0 : x.reduce((sum, value, at) => sum + (value - mx) * (y[at]! - my), 0) / square
}

function sumOverPairs(members: readonly number[], value: (i: number, j: number) => number): number {
  let sum = 0
  forPairs(members, (i, j) => (sum += value(i, j)))
  return sum
}

function forPairs(members: readonly number[], visit: (i: number, j: number) => void): void {
  members.forEach((i, at) => members.slice(at + 1).forEach((j) => visit(i, j)))
}
