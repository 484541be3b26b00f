import { Matrix, SVD } from 'ml-matrix'
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

/** Where a model branches off the way from i to j. */
export interface Branching {
  /** Share of the directions of the way that lie before the branching, 0 (at i) to 1 (at j). */
  readonly share: number
  /** The same of the square: equal to `share` for a projection. */
  readonly square: number
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

/**
 * Where x branches off the way from i to j. Let j = h + B, i = h + A with A and B of low rank in general position, and x
 * differ from h in ways of its own. In the directions of j − i, a share of (x − i)·(j − i)⁻¹ is then the projection on
 * those of A: its trace is the rank of A, and it equals its square. For a chain it is 0 or 1; for a mixture of i and j a
 * number times 1, whose square is less.
 */
export function branchingOf(body: readonly BodySlot[], steps: readonly LowRankStep[], i: number, x: number): Branching {
  let directions = 0
  let share = 0
  let square = 0
  for (const step of steps) {
    const [from, to] = [body[step.slot]!.tensors[i], body[step.slot]!.tensors[x]]
    if (!from || !to) continue
    const block = blockOf(step, from, to)
    const ratio = block.map((row) => row.map((value, l) => value / step.sizes[l]!))
    directions += step.rank
    ratio.forEach((row, k) => {
      share += row[k]!
      row.forEach((value, l) => (square += value * ratio[l]![k]!))
    })
  }
  return directions === 0 ? { share: NaN, square: NaN } : { share: share / directions, square: square / directions }
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
