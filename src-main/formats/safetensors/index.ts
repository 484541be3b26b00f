import { FileProblem, type ProblemCode } from '../../contract/problems.ts'
import { grouped } from '../../contract/words.ts'
import { JsonError, type JsonFault, JsonReader } from '../json.ts'
import { INDEX_BYTES } from '../limits.ts'
import { decodeUtf8, firstBadByte, quote, utf8Offset } from '../text.ts'
import type { ByteSource } from '../types.ts'

const JSON_CODES: Readonly<Record<JsonFault, ProblemCode>> = {
  syntax: 'INDEX_NOT_JSON',
  depth: 'INDEX_TOO_DEEP',
  range: 'INDEX_WEIGHT_MAP_INVALID',
  type: 'INDEX_WEIGHT_MAP_INVALID',
}

/**
 * The `weight_map` of a shard index (`*.safetensors.index.json`): tensor name → name of the shard in the same folder.
 * Shard names are plain file names; anything that could lead out of the folder is refused. Throws FileProblem.
 */
export function readIndex(source: ByteSource): Map<string, string> {
  const { path } = source
  if (source.size > INDEX_BYTES) {
    throw new FileProblem(
      'INDEX_TOO_LARGE',
      `the index has ${grouped(source.size)} bytes, the limit is ${grouped(INDEX_BYTES)}`,
      path,
    )
  }
  const bytes = source.read(0, source.size)
  const text = decodeUtf8(bytes)
  if (text === undefined) throw new FileProblem('INDEX_NOT_UTF8', 'the index is not UTF-8', path, firstBadByte(bytes))
  const refuse = (code: ProblemCode, message: string, position: number): never => {
    throw new FileProblem(code, message, path, utf8Offset(text, position))
  }
  try {
    const map = parseIndex(text, refuse)
    return map ?? refuse('INDEX_WEIGHT_MAP_INVALID', 'the index has no weight_map', 0)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    return refuse(JSON_CODES[error.fault], error.message, error.position)
  }
}

type Refuse = (code: ProblemCode, message: string, position: number) => never

function parseIndex(text: string, refuse: Refuse): Map<string, string> | undefined {
  const json = new JsonReader(text)
  let map: Map<string, string> | undefined
  json.object((key, position) => {
    if (key !== 'weight_map') return json.skip()
    if (map !== undefined) refuse('INDEX_WEIGHT_MAP_INVALID', 'weight_map stands in the index twice', position)
    map = readWeightMap(json, refuse)
  })
  json.end()
  return map
}

function readWeightMap(json: JsonReader, refuse: Refuse): Map<string, string> {
  const map = new Map<string, string>()
  const shards = new Map<string, string>()
  json.object((tensor, position) => {
    if (map.has(tensor)) refuse('INDEX_TENSOR_REPEATED', `the index names tensor ${quote(tensor)} twice`, position)
    const shard = json.string()
    if (!isPlainName(shard)) {
      refuse('INDEX_SHARD_NAME_UNSAFE', `${quote(shard)} is no name of a shard in the same folder`, position)
    }
    const folded = shard.normalize('NFC').toLowerCase()
    const known = shards.get(folded) ?? shard
    if (known !== shard) {
      const message = `shards ${quote(known)} and ${quote(shard)} are one file where case does not count`
      refuse('INDEX_SHARD_NAMES_ALIKE', message, position)
    }
    shards.set(folded, shard)
    map.set(tensor, shard)
  })
  return map
}

/** No separators of any system, no drive letter or scheme (both need a colon), no control characters; not the index. */
function isPlainName(name: string): boolean {
  return /^[^/\\:\p{Cc}]+\.safetensors$/u.test(name)
}
