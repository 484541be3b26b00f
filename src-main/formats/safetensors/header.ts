import { FileProblem, type ProblemCode } from '../../contract/problems.ts'
import { grouped } from '../../contract/words.ts'
import { DTYPE_BITS } from '../dtype.ts'
import { JsonError, type JsonFault } from '../json.ts'
import { SAFETENSORS_HEADER_BYTES } from '../limits.ts'
import { decodeUtf8, firstBadByte, quote, utf8Offset } from '../text.ts'
import type { ByteSource, TensorEntry } from '../types.ts'
import { type DeclaredTensor, HeaderFault, parseHeader } from './declared.ts'

/** A header starts after its own length, eight bytes little-endian. */
const LENGTH_BYTES = 8

/** Git LFS leaves a small text in place of a file that was not fetched; the second line is its former name. */
const LFS_POINTERS = ['version https://git-lfs.github.com/spec/', 'version https://hawser.github.com/spec/']

const JSON_CODES: Readonly<Record<JsonFault, ProblemCode>> = {
  syntax: 'SAFETENSORS_HEADER_NOT_JSON',
  depth: 'SAFETENSORS_HEADER_TOO_DEEP',
  range: 'SAFETENSORS_SIZE_OVERFLOW',
  type: 'SAFETENSORS_HEADER_NOT_OBJECT',
}

/**
 * The tensors of one safetensors file, ordered by offset; tensors without bytes keep the order of the header. Reads the
 * header and nothing else. Accepts what the reference reader (safetensors 0.8) accepts, but for four things no writer
 * emits: a tensor named twice, a tensor or a dtype in serde's other notations (array, one-key object), integers beyond
 * 2^53 - 1. Throws FileProblem with the byte offset of the fault.
 */
export function readHeader(source: ByteSource): TensorEntry[] {
  const bytes = readHeaderBytes(source)
  const text = decodeUtf8(bytes)
  if (text === undefined) {
    const offset = LENGTH_BYTES + firstBadByte(bytes)
    throw new FileProblem('SAFETENSORS_HEADER_NOT_UTF8', 'the header is not UTF-8', source.path, offset)
  }
  try {
    const tensors = parseHeader(text).sort((a, b) => a.begin - b.begin || a.end - b.end)
    checkLayout(tensors, source.size - LENGTH_BYTES - bytes.length)
    const dataStart = LENGTH_BYTES + bytes.length
    return tensors.map(({ name, dtype, shape, begin, end }) => {
      return { name, dtype, shape, file: source.path, offset: dataStart + begin, length: end - begin }
    })
  } catch (error) {
    if (!(error instanceof HeaderFault || error instanceof JsonError)) throw error
    const code = error instanceof HeaderFault ? error.code : JSON_CODES[error.fault]
    throw new FileProblem(code, error.message, source.path, LENGTH_BYTES + utf8Offset(text, error.position))
  }
}

function readHeaderBytes(source: ByteSource): Uint8Array {
  if (source.size < LENGTH_BYTES) {
    const message = `the file has ${grouped(source.size)} bytes, too few for the length of a header`
    throw new FileProblem('SAFETENSORS_HEADER_TOO_SMALL', message, source.path, 0)
  }
  const lengthBytes = source.read(0, LENGTH_BYTES)
  const length = new DataView(lengthBytes.buffer, lengthBytes.byteOffset).getBigUint64(0, true)
  if (length > BigInt(SAFETENSORS_HEADER_BYTES)) {
    if (isLfsPointer(source)) {
      throw new FileProblem('FILE_IS_LFS_POINTER', 'the file is a Git LFS pointer, not the weights', source.path, 0)
    }
    const message = `the header would be ${grouped(length)} bytes long, the limit is ${grouped(SAFETENSORS_HEADER_BYTES)}`
    throw new FileProblem('SAFETENSORS_HEADER_TOO_LARGE', message, source.path, 0)
  }
  if (LENGTH_BYTES + Number(length) > source.size) {
    const message = `the header would be ${grouped(length)} bytes long, but the file has ${grouped(source.size)} bytes`
    throw new FileProblem('SAFETENSORS_HEADER_BEYOND_FILE', message, source.path, 0)
  }
  return source.read(LENGTH_BYTES, Number(length))
}

function isLfsPointer(source: ByteSource): boolean {
  const start = decodeUtf8(source.read(0, Math.min(source.size, 64))) ?? ''
  return LFS_POINTERS.some((pointer) => start.startsWith(pointer))
}

/** Tensors, sorted by offset, must fill the data without hole or overlap, each with the size of its shape. */
function checkLayout(tensors: readonly DeclaredTensor[], dataBytes: number): void {
  let start = 0
  for (const tensor of tensors) {
    checkTensor(tensor, start)
    start = tensor.end
  }
  const position = tensors.at(-1)?.position ?? 0
  if (start > dataBytes) {
    const message = `the tensors take ${grouped(start)} bytes, but only ${grouped(dataBytes)} follow the header`
    throw new HeaderFault('SAFETENSORS_DATA_INCOMPLETE', message, position)
  }
  if (start < dataBytes) {
    const message = `the tensors take ${grouped(start)} bytes, but ${grouped(dataBytes)} follow the header`
    throw new HeaderFault('SAFETENSORS_DATA_TRAILING', message, position)
  }
}

function checkTensor({ name, dtype, shape, begin, end, position }: DeclaredTensor, start: number): void {
  const fail = (code: ProblemCode, message: string): never => {
    throw new HeaderFault(code, `tensor ${quote(name)} ${message}`, position)
  }
  if (end < begin)
    fail('SAFETENSORS_OFFSETS_REVERSED', `ends at ${grouped(end)}, before its start at ${grouped(begin)}`)
  if (begin !== start)
    fail('SAFETENSORS_OFFSETS_NOT_CONTIGUOUS', `starts at ${grouped(begin)} instead of ${grouped(start)}`)
  let bits = 1
  for (const factor of [...shape, DTYPE_BITS[dtype]]) {
    bits *= factor
    if (!Number.isSafeInteger(bits)) fail('SAFETENSORS_SIZE_OVERFLOW', 'has a size beyond 2^53 - 1 bits')
  }
  if (bits % 8 !== 0) fail('SAFETENSORS_SIZE_NOT_WHOLE_BYTES', `has ${grouped(bits)} bits, which are no whole bytes`)
  if (bits / 8 !== end - begin) {
    fail(
      'SAFETENSORS_SIZE_MISMATCH',
      `has ${grouped(bits / 8)} bytes by its shape and dtype, ${grouped(end - begin)} by its offsets`,
    )
  }
}
