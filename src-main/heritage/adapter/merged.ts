import type { TensorFingerprint } from '../../fingerprint/types.ts'
import { sketchDistance } from '../tensors.ts'
import type { PlacedUpdate } from './fit.ts'

/** The two models between which an adapter's update lies. Positions in the list that was given. */
export interface MergedAdapter {
  readonly parent: number
  readonly child: number
  /** Of the update with the change from parent to child, over all adapted matrices. */
  readonly cosine: number
}

/** True merges measured 1.0000, any other pair of a family at most .113. */
const MERGED_COSINE = 0.9

/** Ties are broken by the order given: copies of one model give cosines that differ in the last digits only. */
const MARGIN = 1e-6

/**
 * Finds the pair of models whose difference an adapter's update is: the largest cosine of B·A with C − P over ordered pairs, from
 * sketches alone. The unknown scale of the update does not change it.
 *
 * @param members the adapted matrices of each model, in the order of the updates
 */
export function findMerged(
  placed: readonly PlacedUpdate[],
  members: readonly (readonly TensorFingerprint[])[],
): MergedAdapter | null {
  const norm = Math.sqrt(placed.reduce((sum, { update }) => sum + inner(update.sketch, update.sketch), 0))
  if (!(norm > 0)) return null
  const along = members.map(
    (matrices) => matrices.reduce((sum, matrix, i) => sum + inner(placed[i]!.update.sketch, matrix.sketch!), 0) / norm,
  )
  let best: MergedAdapter | null = null
  for (let parent = 0; parent < members.length; parent++) {
    for (let child = 0; child < members.length; child++) {
      const step = along[child]! - along[parent]!
      const longest = (step / (best?.cosine ?? MERGED_COSINE)) ** 2
      if (!(step > 0)) continue
      const distance = distanceWithin(members[parent]!, members[child]!, longest)
      const cosine = step / Math.sqrt(distance)
      if (cosine > (best ? best.cosine + MARGIN : MERGED_COSINE)) best = { parent, child, cosine }
    }
  }
  return best
}

/** Squared distance, or infinity as soon as it exceeds the limit: most pairs are far apart in their first matrices. */
function distanceWithin(a: readonly TensorFingerprint[], b: readonly TensorFingerprint[], limit: number): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    sum += sketchDistance(a[i]!, b[i]!)
    if (sum > limit) return Infinity
  }
  return sum
}

function inner(x: Float32Array, y: Float32Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
