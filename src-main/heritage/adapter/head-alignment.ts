import { matrixShape } from '../../fingerprint/sketch.ts'
import type { OutputSide, Partner } from './alignment.ts'
import { matrixRows } from './matrix-rows.ts'
import type { ReadAgain } from './types.ts'

/**
 * The alignment of a value update with the output projection W of its attention, head by head: for each the cosine of the traceless
 * parts of C·Cᵀ and F·Fᵀ, -1 to 1, over the head's rows of the update and its columns of W. One pass over W's rows.
 */
export async function headAlignments(
  { model, tensor }: Partner,
  side: OutputSide,
  size: number,
  read: ReadAgain,
): Promise<number[]> {
  const { columns } = matrixShape(tensor.shape)
  const heads = Array.from({ length: columns / size }, () => ({ gram: new Float64Array(size * size), common: 0 }))
  for await (const { count, values } of matrixRows(model, tensor, read)) {
    for (let i = 0; i < count; i++) {
      heads.forEach((head, h) => {
        const from = i * columns + h * size
        const projected = new Float64Array(side.rank)
        for (let a = 0; a < size; a++) {
          const value = values[from + a]!
          for (let b = 0; b < size; b++) head.gram[a * size + b]! += value * values[from + b]!
          for (let k = 0; k < side.rank; k++) projected[k]! += value * side.values[(h * size + a) * side.rank + k]!
        }
        head.common += dot(projected, projected)
      })
    }
  }
  return heads.map(({ gram, common }, h) => {
    const rows = Array.from({ length: size }, (_, a) =>
      side.values.subarray((h * size + a) * side.rank, (h * size + a + 1) * side.rank),
    )
    const own = Float64Array.from({ length: size * size }, (_, at) =>
      dot(rows[Math.floor(at / size)]!, rows[at % size]!),
    )
    const [traceOfUpdate, traceOfPartner] = [trace(own, size), trace(gram, size)]
    const energy = (dot(own, own) - traceOfUpdate ** 2 / size) * (dot(gram, gram) - traceOfPartner ** 2 / size)
    return energy > 0 ? (common - (traceOfUpdate * traceOfPartner) / size) / Math.sqrt(energy) : 0
  })
}

function trace(matrix: Float64Array, size: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += matrix[i * size + i]!
  return sum
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
