import fs from 'node:fs'
import type { Dtype } from '../../src-main/formats/dtype.ts'

export interface TensorToWrite {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** Little-endian, row-major. */
  readonly data: Uint8Array
}

/** A safetensors file, tensors stored in the order given; the header is padded to 8 bytes as the reference writer does. */
export function encodeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  let end = 0
  const members = tensors.map(({ name, dtype, shape, data }) => {
    const begin = end
    end += data.length
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`
  })
  if (metadata !== undefined) members.unshift(`"__metadata__":${JSON.stringify(metadata)}`)
  const header = Buffer.from(`{${members.join(',')}}`)
  const padding = Buffer.alloc((8 - (header.length % 8)) % 8, ' ')
  return encodeFile(Buffer.concat([header, padding]), ...tensors.map((tensor) => tensor.data))
}

export function writeSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata?: Readonly<Record<string, string>>,
): void {
  fs.writeFileSync(path, encodeSafetensors(tensors, metadata))
}

/** Any header, right or wrong, behind its length, and any data. */
export function encodeFile(header: string | Uint8Array, ...data: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(header)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(bytes.length))
  return Uint8Array.from(Buffer.concat([length, bytes, ...data]))
}

/** One row of float32 numbers. */
export function float32(name: string, values: readonly number[]): TensorToWrite {
  return { name, dtype: 'F32', shape: [values.length], data: new Uint8Array(Float32Array.from(values).buffer) }
}
