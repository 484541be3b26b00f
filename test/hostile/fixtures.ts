import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import type { ProblemCode } from '../../src-main/contract/problems.ts'
import { INDEX_BYTES } from '../../src-main/formats/limits.ts'
import { encodeFile, encodeSafetensors, float32, type TensorToWrite } from '../support/write-safetensors.ts'

export interface BenignFixture {
  /** Of the file or the folder. */
  readonly name: string
  /** Writes one model of that name into a folder. */
  write(folder: string): void
}

export interface HostileFixture extends BenignFixture {
  /** What a scan of it must report, once. */
  readonly code: ProblemCode
}

const FOUR_BYTES = new Uint8Array([0, 0, 128, 63])
const TENSOR = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'

function hostile(code: ProblemCode, name: string, content: Uint8Array): HostileFixture {
  return { code, ...bare(name, content) }
}

function bare(name: string, content: Uint8Array): BenignFixture {
  const file = `${name}.safetensors`
  return { name: file, write: (folder) => fs.writeFileSync(join(folder, file), content) }
}

/** A file with this header text and four bytes of data. */
function header(code: ProblemCode, name: string, text: string): HostileFixture {
  return hostile(code, name, encodeFile(text, FOUR_BYTES))
}

/** The same with one tensor of these fields. */
function tensor(code: ProblemCode, name: string, fields: string): HostileFixture {
  return header(code, name, `{"a":{${fields}}}`)
}

function lengthOnly(length: bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(length)
  return Buffer.concat([bytes, Buffer.from('{}')])
}

/** A folder with an index and shards. */
function sharded(name: string, index: string | object, shards: Readonly<Record<string, Uint8Array>>): BenignFixture {
  const write = (folder: string): void => {
    const path = join(folder, name)
    fs.mkdirSync(path)
    const text = typeof index === 'string' ? index : JSON.stringify({ metadata: {}, weight_map: index })
    fs.writeFileSync(join(path, 'model.safetensors.index.json'), text)
    for (const [file, bytes] of Object.entries(shards)) fs.writeFileSync(join(path, file), bytes)
  }
  return { name, write }
}

const SHARD_1 = 'model-00001-of-00002.safetensors'
const SHARD_2 = 'model-00002-of-00002.safetensors'
const SHARDS = {
  [SHARD_1]: encodeSafetensors([float32('a', [1, 2])]),
  [SHARD_2]: encodeSafetensors([float32('b', [3, 4])]),
}

function badIndex(code: ProblemCode, name: string, index: string | object): HostileFixture {
  return { code, ...sharded(name, index, SHARDS) }
}

function unsafeShard(name: string, shard: string): HostileFixture {
  return badIndex('INDEX_SHARD_NAME_UNSAFE', name, { a: SHARD_1, b: shard })
}

const HEADERS: readonly HostileFixture[] = [
  hostile('SAFETENSORS_HEADER_TOO_SMALL', 'empty-file', new Uint8Array(0)),
  hostile('SAFETENSORS_HEADER_TOO_SMALL', 'seven-bytes', new Uint8Array(7)),
  hostile('SAFETENSORS_HEADER_TOO_LARGE', 'length-over-limit', lengthOnly(100_000_001n)),
  hostile('SAFETENSORS_HEADER_TOO_LARGE', 'length-2-63', lengthOnly(2n ** 63n)),
  hostile('SAFETENSORS_HEADER_BEYOND_FILE', 'length-beyond-file', lengthOnly(3n)),
  hostile('SAFETENSORS_HEADER_BEYOND_FILE', 'length-at-limit', lengthOnly(100_000_000n)),
  hostile('SAFETENSORS_HEADER_NOT_UTF8', 'bad-utf8', encodeFile(Buffer.from('{"\xff":{}}', 'latin1'))),
  hostile('SAFETENSORS_HEADER_NOT_JSON', 'empty-header', new Uint8Array(8)),
  header('SAFETENSORS_HEADER_NOT_JSON', 'byte-order-mark', `\ufeff{"a":${TENSOR}}`),
  header('SAFETENSORS_HEADER_NOT_JSON', 'nul-padding', `{"a":${TENSOR}}\0\0`),
  header('SAFETENSORS_HEADER_NOT_JSON', 'two-objects', `{"a":${TENSOR}}{}`),
  header('SAFETENSORS_HEADER_NOT_JSON', 'trailing-comma', `{"a":${TENSOR},}`),
  header('SAFETENSORS_HEADER_NOT_JSON', 'unfinished', `{"a":${TENSOR}`),
  header('SAFETENSORS_HEADER_NOT_JSON', 'one-endless-string', `{"${'x'.repeat(1_000_000)}`),
  header('SAFETENSORS_HEADER_NOT_JSON', 'lone-surrogate', `{"\\ud800":${TENSOR}}`),
  header('SAFETENSORS_HEADER_NOT_JSON', 'control-character', `{"a\u0001":${TENSOR}}`),
  header('SAFETENSORS_HEADER_NOT_JSON', 'number-beyond-float64', `{"a":{"x":1e400,${TENSOR.slice(1)}}`),
  header('SAFETENSORS_HEADER_TOO_DEEP', 'deep', `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
  header('SAFETENSORS_HEADER_NOT_OBJECT', 'array-root', `[${TENSOR}]`),
  header('SAFETENSORS_METADATA_NOT_STRINGS', 'metadata-number', `{"__metadata__":{"n":1},"a":${TENSOR}}`),
  header('SAFETENSORS_METADATA_NOT_STRINGS', 'metadata-array', `{"__metadata__":[],"a":${TENSOR}}`),
  header('SAFETENSORS_TENSOR_NOT_OBJECT', 'tensor-null', '{"a":null}'),
  header('SAFETENSORS_TENSOR_NOT_OBJECT', 'tensor-array', '{"a":["F32",[1],[0,4]]}'),
  header('SAFETENSORS_TENSOR_REPEATED', 'tensor-twice', `{"a":${TENSOR},"a":${TENSOR}}`),
  header('SAFETENSORS_TENSOR_REPEATED', 'tensor-twice-by-escape', `{"a":${TENSOR},"\\u0061":${TENSOR}}`),
  header('SAFETENSORS_FIELD_REPEATED', 'field-twice', `{"a":{"dtype":"F32",${TENSOR.slice(1)}}`),
  header('SAFETENSORS_FIELD_REPEATED', 'metadata-twice', `{"__metadata__":{},"__metadata__":{},"a":${TENSOR}}`),
]

const TENSORS: readonly HostileFixture[] = [
  tensor('SAFETENSORS_FIELD_MISSING', 'no-dtype', '"shape":[1],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_FIELD_MISSING', 'no-shape', '"dtype":"F32","data_offsets":[0,4]'),
  tensor('SAFETENSORS_FIELD_MISSING', 'no-offsets', '"dtype":"F32","shape":[1]'),
  tensor('SAFETENSORS_DTYPE_INVALID', 'dtype-number', '"dtype":32,"shape":[1],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_DTYPE_UNKNOWN', 'dtype-unknown', '"dtype":"F31","shape":[1],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_DTYPE_UNKNOWN', 'dtype-constructor', '"dtype":"constructor","shape":[1],"data_offsets":[0,4]'),
  ...['1.0', '1e0', '-1', '-0', '"1"', 'null', '[1]'].map((dimension, index) => {
    const fields = `"dtype":"F32","shape":[${dimension}],"data_offsets":[0,4]`
    return tensor('SAFETENSORS_SHAPE_INVALID', `dimension-${index}`, fields)
  }),
  tensor('SAFETENSORS_SHAPE_INVALID', 'shape-number', '"dtype":"F32","shape":1,"data_offsets":[0,4]'),
  tensor('SAFETENSORS_OFFSETS_INVALID', 'one-offset', '"dtype":"F32","shape":[1],"data_offsets":[0]'),
  tensor('SAFETENSORS_OFFSETS_INVALID', 'three-offsets', '"dtype":"F32","shape":[1],"data_offsets":[0,4,4]'),
  tensor('SAFETENSORS_OFFSETS_INVALID', 'negative-offset', '"dtype":"F32","shape":[1],"data_offsets":[-4,0]'),
  tensor('SAFETENSORS_OFFSETS_REVERSED', 'reversed', '"dtype":"F32","shape":[1],"data_offsets":[4,0]'),
  tensor('SAFETENSORS_OFFSETS_NOT_CONTIGUOUS', 'not-from-zero', '"dtype":"U8","shape":[2],"data_offsets":[2,4]'),
  header(
    'SAFETENSORS_OFFSETS_NOT_CONTIGUOUS',
    'overlap',
    `{"a":${TENSOR},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}`,
  ),
  header(
    'SAFETENSORS_OFFSETS_NOT_CONTIGUOUS',
    'hole',
    '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}',
  ),
  tensor('SAFETENSORS_SIZE_OVERFLOW', 'elements', '"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_SIZE_OVERFLOW', 'bits', '"dtype":"F32","shape":[1125899906842624],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_SIZE_OVERFLOW', 'inexact', '"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]'),
  tensor(
    'SAFETENSORS_SIZE_OVERFLOW',
    'big-offset',
    '"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]',
  ),
  tensor('SAFETENSORS_SIZE_NOT_WHOLE_BYTES', 'odd-f4', '"dtype":"F4","shape":[7],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_SIZE_NOT_WHOLE_BYTES', 'odd-f6', '"dtype":"F6_E2M3","shape":[5],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_SIZE_MISMATCH', 'shape-mismatch', '"dtype":"F32","shape":[2],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_SIZE_MISMATCH', 'dtype-mismatch', '"dtype":"F16","shape":[1],"data_offsets":[0,4]'),
  tensor('SAFETENSORS_DATA_INCOMPLETE', 'truncated', '"dtype":"F32","shape":[2],"data_offsets":[0,8]'),
  tensor('SAFETENSORS_DATA_TRAILING', 'trailing-bytes', '"dtype":"U8","shape":[3],"data_offsets":[0,3]'),
  hostile('MODEL_EMPTY', 'no-tensors', encodeFile('{}')),
]

const INDEXES: readonly HostileFixture[] = [
  badIndex('INDEX_NOT_JSON', 'index-not-json', '{"weight_map":'),
  badIndex('INDEX_TOO_DEEP', 'index-deep', `{"metadata":${'['.repeat(200_000)}`),
  badIndex('INDEX_WEIGHT_MAP_INVALID', 'index-no-map', '{}'),
  badIndex('INDEX_WEIGHT_MAP_INVALID', 'index-array', '[]'),
  badIndex('INDEX_WEIGHT_MAP_INVALID', 'index-number', '{"weight_map":{"a":1}}'),
  badIndex('INDEX_WEIGHT_MAP_INVALID', 'index-map-twice', '{"weight_map":{},"weight_map":{}}'),
  badIndex('INDEX_TENSOR_REPEATED', 'index-tensor-twice', `{"weight_map":{"a":"${SHARD_1}","a":"${SHARD_2}"}}`),
  unsafeShard('shard-parent', '../model.safetensors'),
  unsafeShard('shard-absolute', '/etc/model.safetensors'),
  unsafeShard('shard-drive', 'C:\\model.safetensors'),
  unsafeShard('shard-unc', '\\\\server\\share\\model.safetensors'),
  unsafeShard('shard-backslash', '..\\model.safetensors'),
  unsafeShard('shard-scheme', 'https://example.org/model.safetensors'),
  unsafeShard('shard-nul', 'model.safetensors\0.safetensors'),
  unsafeShard('shard-empty', ''),
  unsafeShard('shard-is-index', 'model.safetensors.index.json'),
  unsafeShard('shard-no-weights', 'config.json'),
  badIndex('INDEX_SHARD_NAMES_ALIKE', 'shard-case-twins', { a: SHARD_1, b: SHARD_1.replace('model', 'Model') }),
  badIndex('INDEX_SHARD_MISSING', 'shard-missing', { a: SHARD_1, b: 'model-00003-of-00003.safetensors' }),
  badIndex('INDEX_TENSOR_MISSING', 'tensor-missing', { a: SHARD_1, b: SHARD_2, c: SHARD_2 }),
  badIndex('INDEX_TENSOR_MISSING', 'tensor-in-other-shard', { a: SHARD_2, b: SHARD_2 }),
  badIndex('MODEL_EMPTY', 'index-empty', {}),
  {
    code: 'INDEX_TENSOR_REPEATED',
    ...sharded('tensor-in-two-shards', { a: SHARD_1, b: SHARD_2 }, { ...SHARDS, [SHARD_2]: SHARDS[SHARD_1] }),
  },
  {
    code: 'INDEX_NOT_UTF8',
    name: 'index-bad-utf8',
    write(folder) {
      fs.mkdirSync(join(folder, this.name))
      fs.writeFileSync(join(folder, this.name, 'model.safetensors.index.json'), Buffer.from('{"\xff":1}', 'latin1'))
    },
  },
  {
    code: 'INDEX_TOO_LARGE',
    name: 'index-too-large',
    write(folder) {
      fs.mkdirSync(join(folder, this.name))
      const path = join(folder, this.name, 'model.safetensors.index.json')
      fs.writeFileSync(path, '')
      fs.truncateSync(path, INDEX_BYTES + 1)
    },
  },
]

const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 12345\n'

const FILES: readonly HostileFixture[] = [
  hostile('FILE_IS_LFS_POINTER', 'lfs-pointer', Buffer.from(LFS_POINTER)),
  {
    code: 'FILE_NOT_REGULAR',
    name: 'pipe.safetensors',
    write(folder) {
      execFileSync('mkfifo', [join(folder, this.name)])
    },
  },
  {
    code: 'FILE_LINK_BROKEN',
    name: 'broken-link.safetensors',
    write(folder) {
      fs.symlinkSync(join(folder, 'nowhere.safetensors'), join(folder, this.name))
    },
  },
  {
    code: 'FILE_LINK_LOOP',
    name: 'own-link.safetensors',
    write(folder) {
      fs.symlinkSync(join(folder, this.name), join(folder, this.name))
    },
  },
]

/** Each is one model with one fault; every code that a file alone can cause is among them. */
export const HOSTILE_FIXTURES: readonly HostileFixture[] = [...HEADERS, ...TENSORS, ...INDEXES, ...FILES]

function named(...names: readonly string[]): TensorToWrite[] {
  return names.map((name, index) => float32(name, [index, index + 1]))
}

function values(dtype: TensorToWrite['dtype'], shape: readonly number[], ...data: readonly number[]): TensorToWrite {
  return { name: 'a', dtype, shape, data: Uint8Array.from(data) }
}

const ZERO_SIZED: TensorToWrite = { name: 'none', dtype: 'F16', shape: [3, 0, 2], data: new Uint8Array(0) }

/** Each is one odd but valid model. */
export const BENIGN_FIXTURES: readonly BenignFixture[] = [
  bare('names-of-prototypes', encodeSafetensors(named('__proto__', 'constructor', 'toString', 'hasOwnProperty'))),
  bare('names-like-paths', encodeSafetensors(named('../x', '/etc/passwd', 'C:\\x', '', '.', 'a\0b', '10', '9'))),
  bare('names-unicode', encodeSafetensors(named('\u00e9', 'e\u0301', '\u202egnp.', '\u{1f333}', '\u2028'))),
  bare('name-64-kilobytes', encodeSafetensors(named('x'.repeat(65_536)))),
  bare('spaces-around', encodeFile(` \n\t{"a":${TENSOR}}\r\n   `, FOUR_BYTES)),
  bare('escaped-name', encodeFile(`{"\\u0061\\ud83c\\udf33\\/":${TENSOR}}`, FOUR_BYTES)),
  bare('metadata-null', encodeFile(`{"__metadata__":null,"a":${TENSOR}}`, FOUR_BYTES)),
  bare('metadata-name-twice', encodeFile(`{"__metadata__":{"x":"1","x":"2"},"a":${TENSOR}}`, FOUR_BYTES)),
  bare('metadata-last', encodeFile(`{"a":${TENSOR},"__metadata__":{"format":"pt"}}`, FOUR_BYTES)),
  bare('unknown-fields', encodeFile(`{"a":{"x":[{"y":-1.5e3},null,true],${TENSOR.slice(1)}}`, FOUR_BYTES)),
  bare(
    'unsorted',
    encodeFile(
      '{"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}',
      FOUR_BYTES,
    ),
  ),
  bare('rank-0', encodeSafetensors([values('F32', [], 0, 0, 128, 63)])),
  bare('rank-9', encodeSafetensors([values('U8', [1, 1, 1, 2, 1, 1, 1, 1, 2], 1, 2, 3, 4)])),
  bare(
    'zero-sized-among-others',
    encodeSafetensors([ZERO_SIZED, float32('a', [1, 2]), { ...ZERO_SIZED, name: 'nil' }]),
  ),
  bare('zero-sized-only', encodeSafetensors([ZERO_SIZED])),
  bare('not-a-number', encodeSafetensors([float32('a', [NaN, Infinity, -Infinity, 0, -0, 1e-45])])),
  bare('constant', encodeSafetensors([float32('a', new Array<number>(64).fill(0.5))])),
  bare('bool-7', encodeSafetensors([values('BOOL', [4], 0, 1, 7, 255)])),
  bare('complex', encodeSafetensors([values('C64', [1], 0, 0, 128, 63, 0, 0, 128, 63)])),
  bare('float8', encodeSafetensors([values('F8_E4M3', [4], 0, 127, 128, 255)])),
  bare('float4', encodeSafetensors([values('F4', [4], 18, 52)])),
  sharded(
    'shard-with-unnamed-tensor',
    { a: SHARD_1 },
    { ...SHARDS, [SHARD_1]: encodeSafetensors(named('a', 'extra')) },
  ),
  sharded('index-with-numbers', `{"metadata":{"total_size":1.6e1},"weight_map":{"a":"${SHARD_1}"}}`, SHARDS),
]
