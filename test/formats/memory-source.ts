import type { ByteSource } from '../../src-main/formats/types.ts'

export interface MemorySource extends ByteSource {
  /** Every range read so far, [offset, length]. */
  readonly ranges: readonly (readonly [number, number])[]
}

/** A file in memory; `size` may be larger than its bytes, as of a sparse file. */
export function memorySource(bytes: Uint8Array, path = '/models/model.safetensors', size = bytes.length): MemorySource {
  const ranges: [number, number][] = []
  const read = (offset: number, length: number): Uint8Array => {
    if (offset + length > bytes.length) throw new RangeError(`${offset} + ${length} is beyond ${bytes.length}`)
    ranges.push([offset, length])
    return bytes.slice(offset, offset + length)
  }
  return { path, size, read, ranges }
}
