import { matrixShape } from '../../fingerprint/sketch.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { Architecture } from '../align/align.ts'
import { isFloatTensor } from '../tensors.ts'
import type { LowRankUpdate } from './factors.ts'
import { moduleSlots } from './names.ts'

/** An update, and the slot of the architecture that it changes. */
export interface PlacedUpdate {
  readonly update: LowRankUpdate
  readonly slot: number
}

/** Where each update of an adapter belongs in an architecture; null unless every one of them has a place by its name. */
export function fitAdapter(updates: readonly LowRankUpdate[], { slots }: Architecture): PlacedUpdate[] | null {
  const slotOf = moduleSlots(slots)
  const placed = updates.flatMap((update) => {
    const slot = slotOf(update.module)
    return slot === undefined ? [] : { update, slot }
  })
  return placed.length > 0 && placed.length === updates.length ? placed : null
}

/** A member's matrices that the updates change, or null unless it has all of them in the right shape. */
export function adaptedMatrices(
  placed: readonly PlacedUpdate[],
  { tensors }: Architecture,
  member: number,
): TensorFingerprint[] | null {
  const found = placed.flatMap(({ update, slot }) => {
    const tensor = tensors[slot]![member]
    if (!tensor || !isFloatTensor(tensor)) return []
    const { rows, columns } = matrixShape(tensor.shape)
    return rows === update.rows && columns === update.columns ? tensor : []
  })
  return found.length === placed.length ? found : null
}
