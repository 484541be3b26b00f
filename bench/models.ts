import fs from 'node:fs'
import { join } from 'node:path'
import { encodeFile } from '../test/support/write-safetensors.ts'

export type Store = 'F32' | 'BF16'

const BYTES_OF: Readonly<Record<Store, number>> = { F32: 4, BF16: 2 }

/** Normal numbers of sigma 0.02, as the weights of a trained model are spread. */
export function normalBytes(store: Store, elements: number): Uint8Array {
  const values = Float32Array.from(
    { length: elements },
    () => 0.02 * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
  )
  if (store === 'F32') return new Uint8Array(values.buffer)
  return new Uint8Array(Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16).buffer)
}

/**
 * Writes a model of equal matrices into a new folder; every tensor has other numbers than the one before it, taken from
 * one random block at another place. Returns the path of its file.
 */
export function writeRandomModel(folder: string, store: Store, tensors: number, rows: number, columns: number): string {
  fs.mkdirSync(folder, { recursive: true })
  const file = join(folder, 'model.safetensors')
  const length = rows * columns * BYTES_OF[store]
  const members = Array.from({ length: tensors }, (_, i) => {
    return [
      `layers.${i}.weight`,
      { dtype: store, shape: [rows, columns], data_offsets: [i * length, (i + 1) * length] },
    ]
  })
  const block = normalBytes(store, rows * columns)
  const output = fs.openSync(file, 'w')
  try {
    fs.writeSync(output, encodeFile(JSON.stringify(Object.fromEntries(members))))
    for (let i = 0; i < tensors; i++) {
      const turn = ((i * 7919) % rows) * columns * BYTES_OF[store]
      fs.writeSync(output, block, turn)
      fs.writeSync(output, block, 0, turn)
    }
  } finally {
    fs.closeSync(output)
  }
  return file
}
