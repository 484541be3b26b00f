import { contentKey } from '../exact/exact.ts'
import { alignModels } from '../align/align.ts'
import { isRelated, kinshipOf } from '../relatedness.ts'
import type { HeritageModel } from '../types.ts'
import { normalTail } from './chance.ts'

/** How alike a model is to the one that was asked about. */
export interface Nearness {
  readonly id: string
  /** Cosine of the centred matrices, -1 to 1. */
  readonly cosine: number
  /** Chance that one pair of unrelated models is as alike. Not corrected for the number of models that were tried. */
  readonly pValue: number
  /** The same weights to the last bit, whatever the names of the tensors. */
  readonly equal: boolean
  /** Whether it counts as kin. */
  readonly related: boolean
}

/** Compares one model with another; null where they are of different architectures. */
export function nearness(model: HeritageModel, other: HeritageModel): Nearness | null {
  const equal = contentKey(model) === contentKey(other)
  const [architecture, apart] = alignModels([model, other])
  if (!architecture || apart) return equal ? { id: other.id, cosine: 1, pValue: 0, equal, related: true } : null
  const kinship = kinshipOf(architecture, 0, 1)
  const { cosine, z } = kinship
  return { id: other.id, cosine, pValue: normalTail(z), equal, related: equal || isRelated(kinship) }
}

/**
 * The models nearest to one, out of any number, one in memory at a time: equal ones first, then by cosine.
 *
 * @param most how many are wanted
 */
export function nearest(model: HeritageModel, others: Iterable<HeritageModel>, most: number): Nearness[] {
  let best: Nearness[] = []
  for (const other of others) {
    const found = nearness(model, other)
    if (found) best = [...best, found].sort(compareNearness).slice(0, most)
  }
  return best
}

/** Nearest first; of equally near ones by id. */
export function compareNearness(a: Nearness, b: Nearness): number {
  return Number(b.equal) - Number(a.equal) || b.cosine - a.cosine || (a.id < b.id ? -1 : 1)
}
