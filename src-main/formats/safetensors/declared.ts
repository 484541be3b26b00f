import type { ProblemCode } from '../../contract/problems.ts'
import { type Dtype, isDtype } from '../dtype.ts'
import { JsonError, JsonReader } from '../json.ts'
import { quote } from '../text.ts'

/** What a header says of one tensor: each field of the right type, not yet checked against the others. */
export interface DeclaredTensor {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** In bytes from the end of the header. */
  readonly begin: number
  readonly end: number
  /** Where the name stands in the header text, in UTF-16 code units. */
  readonly position: number
}

/** A header that breaks a rule of the format; becomes a FileProblem once the path and the byte offset are known. */
export class HeaderFault extends Error {
  readonly code: ProblemCode
  readonly position: number

  constructor(code: ProblemCode, message: string, position: number) {
    super(message)
    this.code = code
    this.position = position
  }
}

/** Parses the header text. Tensors come in the order of the text. Throws HeaderFault, or JsonError for what is not JSON. */
export function parseHeader(text: string): DeclaredTensor[] {
  const json = new JsonReader(text)
  const tensors: DeclaredTensor[] = []
  const names = new Set<string>()
  typed(
    'SAFETENSORS_HEADER_NOT_OBJECT',
    () => 'the header',
    () =>
      json.object((name, position) => {
        const isMetadata = name === '__metadata__'
        if (names.has(name)) {
          const code = isMetadata ? 'SAFETENSORS_FIELD_REPEATED' : 'SAFETENSORS_TENSOR_REPEATED'
          throw new HeaderFault(code, `${quote(name)} stands in the header twice`, position)
        }
        names.add(name)
        if (isMetadata) readMetadata(json)
        else tensors.push(readTensor(json, name, position))
      }),
  )
  json.end()
  return tensors
}

/** Names and values are checked and dropped: what they claim is no evidence. Repeated names are as harmless. */
function readMetadata(json: JsonReader): void {
  typed(
    'SAFETENSORS_METADATA_NOT_STRINGS',
    () => '__metadata__',
    () => {
      if (!json.null()) json.object(() => json.string())
    },
  )
}

function readTensor(json: JsonReader, name: string, position: number): DeclaredTensor {
  let dtype: Dtype | undefined
  let shape: number[] | undefined
  let offsets: [number, number] | undefined
  typed(
    'SAFETENSORS_TENSOR_NOT_OBJECT',
    () => `tensor ${quote(name)}`,
    () =>
      json.object((field, fieldPosition) => {
        const once = (value: unknown): void => {
          if (value === undefined) return
          const message = `${quote(field)} stands in tensor ${quote(name)} twice`
          throw new HeaderFault('SAFETENSORS_FIELD_REPEATED', message, fieldPosition)
        }
        if (field === 'dtype') {
          once(dtype)
          dtype = readDtype(json, name)
        } else if (field === 'shape') {
          once(shape)
          shape = readShape(json, name)
        } else if (field === 'data_offsets') {
          once(offsets)
          offsets = readOffsets(json, name)
        } else json.skip()
      }),
  )
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const message = `tensor ${quote(name)} lacks its dtype, shape or data_offsets`
    throw new HeaderFault('SAFETENSORS_FIELD_MISSING', message, position)
  }
  return { name, dtype, shape, begin: offsets[0], end: offsets[1], position }
}

function readDtype(json: JsonReader, name: string): Dtype {
  const dtype = typed(
    'SAFETENSORS_DTYPE_INVALID',
    () => `dtype of ${quote(name)}`,
    () => json.string(),
  )
  if (isDtype(dtype)) return dtype
  const message = `tensor ${quote(name)} has the unknown dtype ${quote(dtype)}`
  throw new HeaderFault('SAFETENSORS_DTYPE_UNKNOWN', message, json.position)
}

function readShape(json: JsonReader, name: string): number[] {
  return typed(
    'SAFETENSORS_SHAPE_INVALID',
    () => `shape of ${quote(name)}`,
    () => readIntegers(json),
  )
}

function readOffsets(json: JsonReader, name: string): [number, number] {
  const what = (): string => `data_offsets of ${quote(name)}`
  const [begin, end, ...rest] = typed('SAFETENSORS_OFFSETS_INVALID', what, () => readIntegers(json))
  if (begin !== undefined && end !== undefined && rest.length === 0) return [begin, end]
  throw new HeaderFault('SAFETENSORS_OFFSETS_INVALID', `${what()}: expected two numbers`, json.position)
}

function readIntegers(json: JsonReader): number[] {
  const values: number[] = []
  json.array(() => values.push(json.unsigned()))
  return values
}

/** Gives a value of the wrong type the code of the place where it stands; what the place is called is asked only then. */
function typed<T>(code: ProblemCode, what: () => string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof JsonError) || error.fault !== 'type') throw error
    throw new HeaderFault(code, `${what()}: ${error.message}`, error.position)
  }
}
