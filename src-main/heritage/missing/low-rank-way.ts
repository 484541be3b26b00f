import { EigenvalueDecomposition, Matrix, SVD } from 'ml-matrix'
import type { BodySlot } from '../body.ts'
import { isUnchanged } from '../exact/exact.ts'
import { differenceRank, sketchShape } from '../rank.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'

/** One matrix in which two models differ by a low rank: the ways from the one, seen in the directions of the difference. */
export interface LowRankStep {
  readonly slot: number
  readonly rank: number
  /** Singular vectors of the difference, one a direction. */
  readonly left: readonly Float64Array[]
  readonly right: readonly Float64Array[]
  readonly sizes: readonly number[]
}

/** The steps from i to j, in every matrix in which the two differ. */
export function lowRankSteps(body: readonly BodySlot[], i: number, j: number): LowRankStep[] {
  return body.flatMap(({ matrix, tensors }, slot) => {
    const [from, to] = [tensors[i], tensors[j]]
    if (!matrix || !from || !to || isUnchanged(from, to)) return []
    const rank = differenceRank(from, to)
    const { rows, columns } = sketchShape(from)
    const difference = new Matrix(rows, columns)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        difference.set(r, c, to.sketch![r * columns + c]! - from.sketch![r * columns + c]!)
    const svd = new SVD(difference, { autoTranspose: true })
    const directions = Array.from({ length: rank }, (_, k) => k)
    return {
      slot,
      rank,
      left: directions.map((k) => Float64Array.from({ length: rows }, (_, r) => svd.leftSingularVectors.get(r, k))),
      right: directions.map((k) =>
        Float64Array.from({ length: columns }, (_, c) => svd.rightSingularVectors.get(c, k)),
      ),
      sizes: directions.map((k) => svd.diagonal[k]!),
    }
  })
}

/** Share of the directions of the way from i to j that lie before the point at which x branches off: 0 at i, 1 at j. */
export function shareBefore(body: readonly BodySlot[], steps: readonly LowRankStep[], i: number, x: number): number {
  let directions = 0
  let before = 0
  for (const step of steps) {
    const [from, to] = [body[step.slot]!.tensors[i], body[step.slot]!.tensors[x]]
    if (!from || !to) continue
    directions += step.rank
    blockOf(step, from, to).forEach((row, k) => (before += row[k]! / step.sizes[k]!))
  }
  return before / directions
}

/**
 * How many directions of one step lie before the branching. Let i = h + A and j = h + B with A and B of low rank: in the
 * directions of j − i, (h − i)·(j − i)⁻¹ is a projection, with rank(A) eigenvalues of 1 and rank(B) of 0. Had j been made
 * from i, all would be near 0; in a mixture of the two all are alike.
 *
 * @param block leftᵀ · (h − i) · right
 */
export function directionsBefore({ sizes }: LowRankStep, block: readonly (readonly number[])[]): number {
  if (sizes.length === 0) return 0
  const ratio = new Matrix(block.map((row) => row.map((value, l) => value / sizes[l]!)))
  return new EigenvalueDecomposition(ratio).realEigenvalues.filter((value) => value > 0.5).length
}

/** leftᵀ · (to − from) · right, rank × rank. */
export function blockOf({ left, right }: LowRankStep, from: TensorFingerprint, to: TensorFingerprint): number[][] {
  const { rows, columns } = sketchShape(from)
  const turned = right.map((vector) => {
    const product = new Float64Array(rows)
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++)
        product[r]! += (to.sketch![r * columns + c]! - from.sketch![r * columns + c]!) * vector[c]!
    }
    return product
  })
  return left.map((vector) => turned.map((product) => vector.reduce((sum, value, r) => sum + value * product[r]!, 0)))
}
