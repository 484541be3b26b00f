import type { PairEvidence } from '../../../../src-main/contract/evidence.ts'

/** Positions of the tensors with the largest relative change, largest first; equal ones are left out. */
export function mostChanged({ tensors }: PairEvidence, most: number): number[] {
  return tensors
    .map(({ relativeChange, equal }, position) => ({ position, change: equal ? 0 : (relativeChange ?? 0) }))
    .filter(({ change }) => change > 0)
    .toSorted((a, b) => b.change - a.change)
    .slice(0, most)
    .map(({ position }) => position)
}
