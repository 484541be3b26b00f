import fs from 'node:fs'
import { join } from 'node:path'
import { DTYPE_BITS, type Dtype } from '../../src-main/formats/dtype.ts'
import { encodeFile } from '../support/write-safetensors.ts'

export interface TensorPlan {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
}

/** Writes a sparse model.safetensors, all zeros, into a new folder; takes next to no room on a disk. Returns its size. */
export function writeSparseModel(folder: string, tensors: readonly TensorPlan[]): number {
  fs.mkdirSync(folder, { recursive: true })
  let end = 0
  const header = tensors.map(({ name, dtype, shape }) => {
    const begin = end
    end += (shape.reduce((product, size) => product * size, 1) * DTYPE_BITS[dtype]) / 8
    return [name, { dtype, shape, data_offsets: [begin, end] }]
  })
  const start = encodeFile(JSON.stringify(Object.fromEntries(header)))
  const file = join(folder, 'model.safetensors')
  fs.writeFileSync(file, start)
  fs.truncateSync(file, start.length + end)
  return start.length + end
}
