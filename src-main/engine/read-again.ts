import { setImmediate } from 'node:timers/promises'
import { openFile } from '../files/open.ts'
import type { FoundModel } from '../files/types.ts'
import { storedValues } from '../heritage/exact/stored-values.ts'
import type { TensorEntry } from '../formats/types.ts'

/** Reads weights a second time, and counts what it reads. */
export interface ElementReader {
  /**
   * Elements `from` up to (not including) `to` of a plain float tensor.
   * @throws FileProblem if its file cannot be read or has changed since it was found; the signal's reason when aborted
   */
  read(stored: StoredElements, from: number, to: number): Promise<Float64Array>
  bytesRead(): number
}

/** Where the elements of a tensor lie. */
export type StoredElements = Pick<TensorEntry, 'dtype' | 'shape' | 'file' | 'offset' | 'length'>

export function elementReader(models: readonly FoundModel[], signal?: AbortSignal): ElementReader {
  const identities = new Map(models.flatMap(({ files }) => files.map((file) => [file.path, file] as const)))
  let bytesRead = 0
  return {
    async read({ dtype, shape, file: path, offset, length }, from, to) {
      // Reads are synchronous: without a pause, no signal would arrive.
      await setImmediate()
      signal?.throwIfAborted()
      const width = length / shape.reduce((product, size) => product * size, 1)
      const file = openFile(identities.get(path)!)
      try {
        const bytes = file.read(offset + from * width, (to - from) * width)
        bytesRead += bytes.length
        return storedValues(dtype, bytes)!
      } finally {
        file.close()
      }
    },
    bytesRead: () => bytesRead,
  }
}
