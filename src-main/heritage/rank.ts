import { SKETCH_SIZE } from '../fingerprint/constants.ts'
import { matrixShape } from '../fingerprint/sketch.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/** Singular values must stand this far above the noise: a matrix of pure noise reaches 1, several roundings add up. */
const NOISE_MARGIN = 4

/** Rows and columns of the stored sketch of a tensor. */
export function sketchShape(tensor: TensorFingerprint): { rows: number; columns: number } {
  const { rows, columns } = matrixShape(tensor.shape)
  return { rows: Math.min(rows, SKETCH_SIZE), columns: Math.min(columns, SKETCH_SIZE) }
}

/**
 * Numerical rank of the change from parent to child: singular values of the sketched difference above the child's
 * rounding floor. A change of rank r keeps rank r in the sketch while r is below the sketch's side.
 */
export function differenceRank(parent: TensorFingerprint, child: TensorFingerprint): number {
  return countSingularValuesAbove(gram(sketchedDifference(parent, child)), roundingFloor(child))
}

/**
 * Largest singular value that rounding alone can put into the sketched difference: storing the child adds noise of
 * variance ulp²/12 per element, spread evenly over the cells of a rows × columns sketch, with a spectral norm of
 * σ(√rows + √columns). The float32 cells of the two sketches add about as much again.
 */
export function roundingFloor(child: TensorFingerprint): number {
  const { rows, columns } = sketchShape(child)
  const energy = (2 * child.moments!.spacingSquares) / 12
  return NOISE_MARGIN * Math.sqrt(energy / (rows * columns)) * (Math.sqrt(rows) + Math.sqrt(columns))
}

/** The sketch of the change from parent to child, row by row, in float64. */
export function sketchedDifference(parent: TensorFingerprint, child: TensorFingerprint): Float64Array[] {
  const { rows, columns } = sketchShape(child)
  const [x, y] = [parent.sketch!, child.sketch!]
  return Array.from({ length: rows }, (_, i) =>
    Float64Array.from({ length: columns }, (_, j) => y[i * columns + j]! - x[i * columns + j]!),
  )
}

/** A·Aᵀ (lower triangle). */
function gram(difference: readonly Float64Array[]): Float64Array[] {
  return difference.map((row, i) => Float64Array.from(difference, (other, j) => (j > i ? 0 : dot(row, other))))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/**
 * How many eigenvalues of a symmetric matrix G = A·Aᵀ (lower triangle, overwritten) exceed floor²: as many as the
 * elimination of G − floor²·I leaves positive pivots (Sylvester's law of inertia). Far cheaper than the values themselves.
 */
function countSingularValuesAbove(gram: Float64Array[], floor: number): number {
  let above = 0
  for (let k = 0; k < gram.length; k++) gram[k]![k]! -= floor * floor
  for (let k = 0; k < gram.length; k++) {
    const pivot = gram[k]![k]! || Number.MIN_VALUE
    if (pivot > 0) above++
    for (let i = k + 1; i < gram.length; i++) {
      const factor = gram[i]![k]! / pivot
      if (factor === 0) continue
      for (let j = k + 1; j <= i; j++) gram[i]![j]! -= factor * gram[j]![k]!
    }
  }
  return above
}
