import type { Layer } from './types.ts'

/** Name and dimensions of one stored tensor of floating-point numbers. */
export interface StoredTensor {
  readonly name: string
  readonly shape: readonly number[]
}

/**
 * The matrices of a set of models, each with the models that hold it. Counterparts are told by name and shape, as
 * where all models come from one library; what has fewer than two real dimensions is not a matrix.
 */
export function layersOf(models: readonly (readonly StoredTensor[])[]): Layer[] {
  const layers = new Map<string, { name: string; rows: number; columns: number; members: number[] }>()
  models.forEach((tensors, model) => {
    for (const { name, shape } of tensors) {
      const sides = shape.filter((side) => side !== 1)
      if (sides.length < 2 || sides.includes(0)) continue
      const key = JSON.stringify([name, shape])
      const [rows, ...rest] = sides
      const layer = layers.get(key) ?? { name, rows: rows!, columns: rest.reduce((a, b) => a * b), members: [] }
      layer.members.push(model)
      layers.set(key, layer)
    }
  })
  return [...layers.values()]
}
