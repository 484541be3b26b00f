import fs from 'node:fs'
import { join } from 'node:path'
import { encodeSafetensors, type TensorToWrite } from '../support/write-safetensors.ts'

/** Pseudo-random numbers in [-1, 1) as F32, the same for the same seed (xorshift32: Marsaglia 2003). */
export function randomValues(count: number, seed: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count)
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  for (let i = 0; i < count; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    values[i] = state / 2 ** 31
  }
  return values
}

/** A matrix of random numbers. */
export function randomTensor(name: string, rows: number, columns: number, seed: number): TensorToWrite {
  const data = new Uint8Array(randomValues(rows * columns, seed).buffer)
  return { name, dtype: 'F32', shape: [rows, columns], data }
}

/** A folder with one model of two matrices; both together take 4 KiB a row. Returns its path. */
export function writeModel(folder: string, name: string, rows: number, seed: number): string {
  const tensors = [
    randomTensor('first.weight', rows, 512, 2 * seed),
    randomTensor('second.weight', rows, 512, 2 * seed + 1),
  ]
  const path = join(folder, name)
  fs.mkdirSync(path, { recursive: true })
  fs.writeFileSync(join(path, 'model.safetensors'), encodeSafetensors(tensors))
  return path
}
