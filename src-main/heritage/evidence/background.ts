import type { Background } from '../../contract/evidence.ts'
import { centredEnergy, elementCount } from '../tensors.ts'
import type { TensorPair } from './align-pair.ts'
import { equalByChance, type PairedSample } from './sampled.ts'

/**
 * What the cosine of centred tensors would be if the two were independent: 0 ± 1/√cells of the sketch, over several tensors
 * weighed by their energies as the cosine itself is.
 */
export function unrelatedCosine(pairs: readonly TensorPair[]): Background | null {
  let variance = 0
  let energy = 0
  for (const { a, b } of pairs) {
    const product = centredEnergy(a) * centredEnergy(b)
    variance += product / a.sketch!.length
    energy += Math.sqrt(product)
  }
  return energy > 0 ? { mean: 0, deviation: Math.sqrt(variance) / energy } : null
}

/**
 * What ‖b − a‖ / ‖a‖ would be if the two were independent with the norms and means that they have: √2 for equal norms and
 * no means. The deviation is that of the inner product and of the sketch (Charikar, Chen & Farach-Colton 2002).
 */
export function unrelatedChange(pairs: readonly TensorPair[]): Background | null {
  let norm = 0
  let distance = 0
  let variance = 0
  for (const { a, b } of pairs) {
    const [x, y] = [centredEnergy(a), centredEnergy(b)]
    const count = elementCount(a)
    const cells = a.sketch!.length
    norm += a.moments!.sumSquares
    distance += x + y + count * (a.moments!.mean - b.moments!.mean) ** 2
    variance += (4 * x * y) / count + 2 * (x + y) ** 2 * (1 / cells - 1 / count)
  }
  if (!(norm > 0 && distance > 0)) return null
  return { mean: Math.sqrt(distance / norm), deviation: Math.sqrt(variance / (distance * norm)) / 2 }
}

/** The share of equal elements that chance gives, over several tensors weighed by their elements. */
export function unrelatedEqual(
  samples: readonly { readonly elements: number; readonly sample: PairedSample }[],
): Background | null {
  let all = 0
  let mean = 0
  let variance = 0
  for (const { elements, sample } of samples) {
    const chance = equalByChance(sample)
    all += elements
    mean += elements * chance
    variance += (elements ** 2 * chance * (1 - chance)) / sample.a.length
  }
  return all > 0 ? { mean: mean / all, deviation: Math.sqrt(variance) / all } : null
}

/** Mean and standard deviation of some numbers; null for none. */
export function spread(values: readonly number[]): Background | null {
  if (values.length === 0) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}
