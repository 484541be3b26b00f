import { threads, type Kernel } from './kernel.ts'

/** Leaves its sums to `fold`. */
export const strips: Kernel = {
  workgroups: ({ rowRuns, piece }) => threads(rowRuns.buckets.length * piece.columns),
  results: null,
}
