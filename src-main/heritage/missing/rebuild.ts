import { DTYPE_BITS } from '../../formats/dtype.ts'
import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { BodySlot } from '../body.ts'
import { isUnchanged } from '../exact/exact.ts'
import type { LowRankStep } from './low-rank-way.ts'
import type { MissingModel } from './types.ts'

/** A step from i to j, and what of it lies before the base: leftᵀ · (base − i) · right. */
interface Way {
  readonly step: LowRankStep
  readonly block: readonly (readonly number[])[]
}

/** The base of two low-rank updates i and j, as far as it is known: what they share, and i without its own part of the way to j. */
export function rebuild(
  body: readonly BodySlot[],
  ways: readonly Way[],
  i: number,
  j: number,
): Pick<MissingModel, 'tensors' | 'exact'> {
  const bySlot = new Map(ways.map((way) => [way.step.slot, way]))
  // Of bytes that nobody has seen: it has to differ from all others.
  const hash = new Uint8Array(Uint32Array.of(i, j).buffer)
  const known = body.map(({ tensors }, slot): { tensor: TensorFingerprint | undefined; exact: boolean } => {
    const [from, to] = [tensors[i], tensors[j]]
    if (!from || !to) return { tensor: undefined, exact: false }
    // Rounding to a coarser store came after.
    if (isUnchanged(from, to)) return { tensor: DTYPE_BITS[to.dtype] > DTYPE_BITS[from.dtype] ? to : from, exact: true }
    const way = bySlot.get(slot)
    return { tensor: way && { ...estimate(from, way), hash }, exact: false }
  })
  return { tensors: known.map(({ tensor }) => tensor), exact: known.map(({ exact }) => exact) }
}

function estimate(from: TensorFingerprint, { step, block }: Way): TensorFingerprint {
  const sketch = Float64Array.from(from.sketch!)
  const columns = step.right[0]?.length ?? 0
  block.forEach((row, k) =>
    row.forEach((value, l) =>
      step.left[k]!.forEach((u, r) => step.right[l]!.forEach((v, c) => (sketch[r * columns + c]! += value * u * v))),
    ),
  )
  const sumSquares = from.moments!.sumSquares + energy(sketch) - energy(from.sketch!)
  return {
    ...from,
    sketch: Float32Array.from(sketch),
    moments: { ...from.moments!, sumSquares },
    sample: null,
    grid: null,
  }
}

function energy(values: Float32Array | Float64Array): number {
  let sum = 0
  for (const value of values) sum += value * value
  return sum
}
