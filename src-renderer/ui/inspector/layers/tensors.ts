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

/** The tensor to look at first: the one that changed most, in the layers if one did there; 0 where none did. */
export function firstTensor(pair: PairEvidence): number {
  const changed = mostChanged(pair, pair.tensors.length)
  return changed.find((position) => pair.tensors[position]!.layer !== null) ?? changed[0] ?? 0
}
