import type { TensorFingerprint } from '../fingerprint/types.ts'
import type { BodySlot } from './body.ts'
import { squaredDistances } from './pairwise.ts'
import type { Steps } from './steps.ts'
import { contentsKey } from './tensors.ts'

/**
 * Squared distances over the whole body between all members, as `totalDistance` gives them for one pair (link.ts): slots that
 * two do not share are made up for by size; Infinity where nothing is shared. Each content of a slot is compared once,
 * however many members have it.
 *
 * @param count number of members
 * @returns count rows of count
 */
export function* allDistances(body: readonly BodySlot[], count: number): Steps<Float64Array[]> {
  const square = (): Float64Array[] => Array.from({ length: count }, () => new Float64Array(count))
  const sums = square()
  const complete = body.every(({ tensors }) => tensors.every((tensor) => tensor !== undefined))
  const shared = complete ? null : square()
  const all = body.reduce((sum, { elements }) => sum + elements, 0)
  for (const slot of body) yield* addSlot(slot, sums, shared)
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      const elements = shared ? shared[a]![b]! : all
      sums[a]![b] = sums[b]![a] = elements === 0 ? Infinity : sums[a]![b]! * (all / elements)
    }
  }
  return sums
}

/** Adds to the lower triangles. */
function* addSlot({ tensors, elements }: BodySlot, sums: Float64Array[], shared: Float64Array[] | null): Steps {
  const contents = new Map<string, { tensor: TensorFingerprint; members: number[] }>()
  tensors.forEach((tensor, member) => {
    if (!tensor) return
    const known = contents.get(contentsKey(tensor))
    if (known) known.members.push(member)
    else contents.set(contentsKey(tensor), { tensor, members: [member] })
  })
  const groups = [...contents.values()]
  const add = (a: number, b: number, distance: number): void => {
    const [more, less] = a > b ? [a, b] : [b, a]
    sums[more]![less]! += distance
    if (shared) shared[more]![less]! += elements
  }
  const sketches = groups.map(({ tensor }) => tensor.sketch!)
  yield* squaredDistances(sketches, sketches, (i, j, distance) => {
    for (const a of groups[i]!.members) for (const b of groups[j]!.members) add(a, b, distance)
  })
  if (!shared) return
  for (const { members } of groups) members.forEach((a, i) => members.slice(i + 1).forEach((b) => add(a, b, 0)))
}
