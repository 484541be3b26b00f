import type { Dtype } from './dtype.ts'

/** Bytes of one file. The only way a format sees a file; throws FileProblem if the bytes cannot be had. */
export interface ByteSource {
  /** Absolute path, for messages only. */
  readonly path: string
  /** In bytes. */
  readonly size: number
  /** Exactly `length` bytes from `offset`; a range beyond `size` is a bug of the caller and throws RangeError. */
  read(offset: number, length: number): Uint8Array
}

/** Where one tensor lies. Every number has been checked against the file. */
export interface TensorEntry {
  /** As the file names it; for parts of a pipeline, with the component in front ("unet/conv_in.weight"). */
  readonly name: string
  readonly dtype: Dtype
  /** Dimensions, outermost first; empty for a scalar. */
  readonly shape: readonly number[]
  /** Absolute path of the file that holds it. */
  readonly file: string
  /** Absolute byte offset in that file. */
  readonly offset: number
  /** In bytes: equals the size of shape × dtype. */
  readonly length: number
}
