import { readDoubles, threads, type BatchResults, type Kernel, type PieceRequest } from './kernel.ts'

const sumsOf = ({ rowRuns, columnRuns }: PieceRequest): number => rowRuns.buckets.length * columnRuns.buckets.length

export const fold: Kernel = {
  workgroups: (request) => threads(sumsOf(request)),
  results: { field: 'folds', words: (request) => 2 * sumsOf(request) },
}

/** Adds the sums of a piece, in units of 2^scale, to the sketch of the tensor: float64, row-major, `width` wide. */
export function addFolds(
  results: BatchResults,
  at: number,
  { rowRuns, columnRuns }: Pick<PieceRequest, 'rowRuns' | 'columnRuns'>,
  scale: number,
  sketch: Float64Array,
  width: number,
): void {
  const unit = 2 ** scale
  const sums = readDoubles(results, at, rowRuns.buckets.length * columnRuns.buckets.length)
  let next = 0
  for (const row of rowRuns.buckets) {
    for (const column of columnRuns.buckets) sketch[row * width + column]! += sums[next++]! * unit
  }
}
