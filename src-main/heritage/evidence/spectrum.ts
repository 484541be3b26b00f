import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import type { Spectrum } from '../../contract/evidence.ts'
import { differenceRank, roundingFloor, sketchedDifference } from '../rank.ts'
import { isMatrix, isWeight, sameBytes } from '../tensors.ts'
import { largestRank } from './tensor-row.ts'
import type { TensorPair } from './align-pair.ts'

/** The singular values of the sketched difference b − a; null where a rank says nothing. */
export function spectrumOf(pair: TensorPair): Spectrum | null {
  const { a, b } = pair
  if (!isMatrix(a) || !isWeight(a) || !isWeight(b)) return null
  const norm = Math.sqrt(a.moments!.sumSquares)
  if (!(norm > 0 && Number.isFinite(norm))) return null
  const equal = sameBytes(a, b)
  return {
    values: equal ? new Array<number>(largestRank(pair)).fill(0) : singularValues(pair).map((value) => value / norm),
    floor: equal ? null : roundingFloor(b) / norm,
    rank: equal ? 0 : differenceRank(a, b),
    largestRank: largestRank(pair),
  }
}

/** Descending. */
function singularValues({ a, b }: TensorPair): number[] {
  const difference = new Matrix(sketchedDifference(a, b).map((row) => Array.from(row)))
  const decomposition = new SingularValueDecomposition(difference, {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  })
  return decomposition.diagonal.toSorted((x, y) => y - x)
}
