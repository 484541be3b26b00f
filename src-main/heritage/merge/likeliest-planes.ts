/** Keeps the systems of parts that are almost one soluble. */
const RIDGE = 1e-13

/**
 * The sets of two or three models whose affine hull passes nearest to a model, nearest first. The squared distance to it is
 * 1 / (1ᵀ G⁻¹ 1) with G the Gram matrix of node − child; for so few nodes that is det G over the sum of its cofactors.
 *
 * @param distances squared distances between all members
 * @param near the models to choose from
 * @param count how many sets are wanted
 */
export function likeliestPlanes(
  distances: readonly Float64Array[],
  child: number,
  near: readonly number[],
  size: 2 | 3,
  count: number,
): number[][] {
  const gram = near.map((a) =>
    Float64Array.from(near, (b) => (distances[a]![child]! + distances[b]![child]! - distances[a]![b]!) / 2),
  )
  const best: { nodes: number[]; residual: number }[] = []
  const offer = (residual: number, ...chosen: number[]): void => {
    if (best.length === count && !(residual < best.at(-1)!.residual)) return
    const at = best.findIndex((known) => residual < known.residual)
    best.splice(at < 0 ? best.length : at, 0, { nodes: chosen.map((i) => near[i]!), residual })
    best.splice(count)
  }
  for (let i = 0; i < near.length; i++) {
    for (let j = i + 1; j < near.length; j++) {
      if (size === 2) offer(toLine(gram, i, j), i, j)
      else for (let k = j + 1; k < near.length; k++) offer(toPlane(gram, i, j, k), i, j, k)
    }
  }
  return best.map(({ nodes }) => nodes)
}

function toLine(gram: readonly Float64Array[], i: number, j: number): number {
  const ridge = RIDGE * (gram[i]![i]! + gram[j]![j]!)
  const a = gram[i]![i]! + ridge
  const b = gram[i]![j]!
  const d = gram[j]![j]! + ridge
  return distanceOf(a * d - b * b, a + d - 2 * b)
}

function toPlane(gram: readonly Float64Array[], i: number, j: number, k: number): number {
  const ridge = RIDGE * (gram[i]![i]! + gram[j]![j]! + gram[k]![k]!)
  const a = gram[i]![i]! + ridge
  const b = gram[i]![j]!
  const c = gram[i]![k]!
  const d = gram[j]![j]! + ridge
  const e = gram[j]![k]!
  const f = gram[k]![k]! + ridge
  // Cofactors of the symmetric matrix (a b c; b d e; c e f).
  const [A, B, C] = [d * f - e * e, c * e - b * f, b * e - c * d]
  const [D, E, F] = [a * f - c * c, b * c - a * e, a * d - b * b]
  return distanceOf(a * A + b * B + c * C, A + D + F + 2 * (B + C + E))
}

function distanceOf(determinant: number, cofactors: number): number {
  return cofactors === 0 ? Infinity : Math.abs(determinant / cofactors)
}
