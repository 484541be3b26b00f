import { Matrix, SVD } from 'ml-matrix'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/** Singular values must stand this far above the noise: a matrix of pure noise reaches 1, several roundings add up. */
const NOISE_MARGIN = 4

/**
 * Singular values, largest first, of the sketched difference of two matrices. A difference of rank r keeps rank r in
 * the sketch while r is below its side.
 */
export function differenceSpectrum(a: TensorFingerprint, b: TensorFingerprint, sketchSize: number): number[] {
  const { rows, columns } = sketchShape(a, sketchSize)
  const difference = new Matrix(rows, columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) difference.set(i, j, a.sketch![i * columns + j]! - b.sketch![i * columns + j]!)
  }
  const svd = new SVD(difference, { autoTranspose: true, computeLeftSingularVectors: false, computeRightSingularVectors: false })
  return [...svd.diagonal].sort((x, y) => y - x)
}

/** Rows and columns of the stored sketch of a tensor. */
export function sketchShape(tensor: TensorFingerprint, sketchSize: number): { rows: number; columns: number } {
  const rows = Math.min(sketchSize, tensor.shape.length < 2 ? 1 : tensor.shape[0]!)
  return { rows, columns: tensor.sketch!.length / rows }
}

/**
 * Largest singular value that rounding alone can put into the sketched difference: noise of variance ulp²/12 per
 * element of both stores, spread evenly over the cells of a rows × columns sketch, has a spectral norm of
 * σ(√rows + √columns). Float32 cells of the sketches add as much again.
 */
export function roundingFloor(a: TensorFingerprint, b: TensorFingerprint, sketchSize: number): number {
  const { rows, columns } = sketchShape(a, sketchSize)
  const energy = (2 * (a.moments!.spacingSquares + b.moments!.spacingSquares)) / 12
  return NOISE_MARGIN * Math.sqrt(energy / (rows * columns)) * (Math.sqrt(rows) + Math.sqrt(columns))
}

/** Numerical rank of the difference of two matrices: singular values above the rounding floor. */
export function differenceRank(a: TensorFingerprint, b: TensorFingerprint, sketchSize: number): number {
  const floor = roundingFloor(a, b, sketchSize)
  return differenceSpectrum(a, b, sketchSize).filter((value) => value > floor).length
}
