import { layersOf } from '../../../src-main/heritage/mother/layers.ts'
import type { WeightSource } from '../../../src-main/heritage/mother/types.ts'
import { seededRandom } from '../../../src-main/heritage/tree/random.ts'

/** A matrix by name, as rows. */
export type Model = Readonly<Record<string, readonly (readonly number[])[]>>

/** Models in memory, counting how often a range is read. */
export function memorySource(models: readonly Model[]): { source: WeightSource; reads: () => number } {
  let reads = 0
  const shape = (matrix: readonly (readonly number[])[]): number[] => [matrix.length, matrix[0]!.length]
  const layers = layersOf(
    models.map((model) => Object.entries(model).map(([name, matrix]) => ({ name, shape: shape(matrix) }))),
  )
  return {
    source: {
      models: models.length,
      layers,
      heldElements: Infinity,
      read: ({ name }, model, from, to) => {
        reads++
        return Promise.resolve(Float64Array.from(models[model]![name]!.flat().slice(from, to)))
      },
    },
    reads: () => reads,
  }
}

/** Normal numbers, the same for the same seed. */
export function gaussian(seed: number): () => number {
  const random = seededRandom(seed)
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
