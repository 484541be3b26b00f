import type { TensorFingerprint } from '../../fingerprint/types.ts'
import type { BodySlot } from '../body.ts'
import { storedValues } from '../exact/stored-values.ts'
import { linkBetween } from '../link.ts'
import { isRestored } from '../tensors.ts'

/** Variance of the square of a number that is evenly spread around 0, in units of its mean, squared. */
const SPREAD = 0.8

/** An estimate and its standard error, squared. */
interface Estimate {
  readonly value: number
  readonly variance: number
}

/**
 * Whether x hangs from a missing model rather than from a member near to it: whether it contains less than half of the way from the
 * one to the other. The share ⟨x − missing, near − missing⟩ / ‖near − missing‖² is 0 for what hangs from the missing model and 1 for
 * what hangs from the other. Two estimates of it are joined, each by the inverse of its variance: from the
 * distances, which what is not known of the missing model blurs, and from the sampled elements of it that are known.
 */
export function hangsFromMissing(body: readonly BodySlot[], missing: number, near: number, x: number): boolean {
  const estimates = [shareOfDistances(body, missing, near, x), shareOfElements(body, missing, near, x)]
  const certain = estimates.filter(({ variance }) => Number.isFinite(variance))
  return certain.reduce((sum, { value, variance }) => sum + (value - 0.5) / variance, 0) < 0
}

function shareOfDistances(body: readonly BodySlot[], missing: number, near: number, x: number): Estimate {
  const [toNear, toOther, apart] = [
    linkBetween(body, missing, near).distances,
    linkBetween(body, missing, x).distances,
    linkBetween(body, near, x).distances,
  ]
  let [along, length, variance] = [0, 0, 0]
  body.forEach(({ tensors }, slot) => {
    const from = tensors[missing]
    const common = (toNear[slot]! + toOther[slot]! - apart[slot]!) / 2
    if (!from || Number.isNaN(common)) return
    along += common
    length += toNear[slot]!
    const error = isRestored(from) ? from.error : 0
    variance += (toOther[slot]! * (error + toNear[slot]!)) / from.sketch!.length
    if (isRestored(from)) variance += (SPREAD * error ** 2) / from.known.length
  })
  return { value: along / length, variance: variance / length ** 2 }
}

function shareOfElements(body: readonly BodySlot[], missing: number, near: number, x: number): Estimate {
  let [along, length, variance] = [0, 0, 0]
  for (const { tensors } of body) {
    const [from, to, other] = [missing, near, x].map((node) => tensors[node] && knownElements(tensors[node]))
    if (!from || !to || !other) continue
    for (let i = 0; i < from.length; i++) {
      if (Number.isNaN(from[i])) continue
      const step = to[i]! - from[i]!
      // As seen from the other end, so that an error of the one value counts once.
      const way = other[i]! - to[i]!
      along += way * step
      length += step * step
      variance += (way * step) ** 2
    }
  }
  return { value: 1 + along / length, variance: variance / length ** 2 }
}

function knownElements(tensor: TensorFingerprint): Float64Array | null {
  if (isRestored(tensor)) return tensor.known
  return tensor.sample && storedValues(tensor.dtype, tensor.sample)
}
