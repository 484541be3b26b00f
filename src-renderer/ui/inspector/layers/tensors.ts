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

/**
 * The tensor to look at first: of those that changed the most changed matrix of the layers, which has a spectrum; else any
 * in the layers, else any at all; 0 where nothing changed.
 */
export function firstTensor(pair: PairEvidence): number {
  const changed = mostChanged(pair, pair.tensors.length)
  const inLayers = changed.filter((position) => pair.tensors[position]!.layer !== null)
  return inLayers.find((position) => pair.tensors[position]!.rank !== null) ?? inLayers[0] ?? changed[0] ?? 0
}
