import { JsonError, JsonReader } from '../formats/json.ts'
import { decodeUtf8 } from '../formats/text.ts'
import {
  CARD_FIELD_CHARACTERS,
  CONFIG_BYTES,
  FRONT_MATTER_BYTES,
  MERGE_CONFIG_BYTES,
  NAME_CHARACTERS,
  NAMED_MODELS,
} from './limits.ts'
import { ClaimFault, SAYS_NOTHING, type Said, type Statement } from './types.ts'
import { itemsOf, parseYaml, textOf, valueAt, type YamlNode } from './yaml.ts'

/** A file beside the weights that may name ancestors. */
export interface ClaimFile {
  readonly name: string
  readonly source: Statement['source']
  /** Of which no more than this many bytes are read. */
  readonly limit: number
  /** Whether a longer file is refused; of a model card only the beginning counts. */
  readonly whole: boolean
  /** Throws ClaimFault. */
  readonly read: (bytes: Uint8Array) => Said
}

export const CLAIM_FILES: readonly ClaimFile[] = [
  { name: 'README.md', source: 'model-card', limit: FRONT_MATTER_BYTES, whole: false, read: readModelCard },
  {
    name: 'config.json',
    source: 'config',
    limit: CONFIG_BYTES,
    whole: true,
    read: (bytes) => readJson(bytes, '_name_or_path'),
  },
  {
    name: 'adapter_config.json',
    source: 'adapter-config',
    limit: CONFIG_BYTES,
    whole: true,
    read: (bytes) => readJson(bytes, 'base_model_name_or_path'),
  },
  {
    name: 'mergekit_config.yml',
    source: 'merge-config',
    limit: MERGE_CONFIG_BYTES,
    whole: true,
    read: readMergeConfig,
  },
]

const CARD_FIELDS = new Set(['base_model', 'base_model_relation', 'license', 'license_name'])

/** YAML between two lines "---" at the very beginning of a Markdown file. */
function readModelCard(bytes: Uint8Array): Said {
  const lines = frontMatter(bytes)
  if (lines === null) return SAYS_NOTHING
  const fields = fieldsOf(lines)
  if (fields.length > CARD_FIELD_CHARACTERS) {
    throw new ClaimFault('CLAIM_TOO_LARGE', `fields of more than ${CARD_FIELD_CHARACTERS} characters`)
  }
  const front = parseYaml(fields)
  const licence = textOf(itemsOf(valueAt(front, 'license'))[0] ?? null)
  return {
    names: namesIn(itemsOf(valueAt(front, 'base_model')).map(textOf)),
    relation: named(textOf(valueAt(front, 'base_model_relation'))) ?? null,
    licence: named(licence === 'other' ? (textOf(valueAt(front, 'license_name')) ?? licence) : licence) ?? null,
  }
}

/** The lines of the front matter; null where there is none. */
function frontMatter(bytes: Uint8Array): string[] | null {
  // One character for each byte: what is not UTF-8 may stand in the text below.
  const card = new TextDecoder('latin1').decode(bytes)
  const opening = /^(ï»¿)?---[ \t]*\r?\n/.exec(card)
  if (!opening) return null
  const closing = /^---[ \t]*\r?$/gm
  closing.lastIndex = opening[0].length
  const end = closing.exec(card)
  if (end) return decode(bytes.subarray(opening[0].length, end.index)).split(/\r?\n/)
  if (bytes.length < FRONT_MATTER_BYTES) return null
  throw new ClaimFault('CLAIM_TOO_LARGE', `front matter of more than ${FRONT_MATTER_BYTES} bytes`)
}

/** The fields that are looked at, each with the lines that belong to it: indented ones, items of a list, comments. */
function fieldsOf(lines: readonly string[]): string {
  let wanted = false
  return lines
    .filter((line) => {
      const key = /^(["']?)([^\s"'#:-][^"':]*)\1[ \t]*:/.exec(line)?.[2]
      if (key !== undefined) wanted = CARD_FIELDS.has(key)
      return wanted
    })
    .join('\n')
}

/** The models that are merged, and the base that their changes are measured from. */
function readMergeConfig(bytes: Uint8Array): Said {
  const config = parseYaml(decode(bytes))
  const slices = itemsOf(valueAt(config, 'slices'))
  const sources = [config, ...slices].flatMap((node) => [
    ...itemsOf(valueAt(node, 'models')),
    ...itemsOf(valueAt(node, 'sources')),
  ])
  const named = [valueAt(config, 'base_model'), ...sources.map((node) => valueAt(node, 'model'))]
  return { ...SAYS_NOTHING, names: namesIn(named.map(mergedModel)) }
}

/** "owner/name", "owner/name+adapter", or { model: { path } }. */
function mergedModel(node: YamlNode): string | undefined {
  const inner = valueAt(node, 'model') ?? node
  return textOf(valueAt(inner, 'path') ?? inner)?.split('+')[0]
}

function readJson(bytes: Uint8Array, field: string): Said {
  let name: string | undefined
  try {
    const json = new JsonReader(decode(bytes))
    json.object((key) => {
      if (key === field && json.peek() === '"') name = json.string()
      else json.skip()
    })
    json.end()
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new ClaimFault(error.fault === 'depth' ? 'CLAIM_TOO_DEEP' : 'CLAIM_NOT_JSON', error.message)
  }
  return { ...SAYS_NOTHING, names: namesIn([name]) }
}

function decode(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes)
  if (text === undefined) throw new ClaimFault('CLAIM_NOT_UTF8', 'not UTF-8')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/** Each once, in the order of the file. What is too long to be a name is none. */
function namesIn(texts: readonly (string | undefined)[]): string[] {
  const names = [...new Set(texts.flatMap((text) => named(text) ?? []))]
  if (names.length <= NAMED_MODELS) return names
  throw new ClaimFault('CLAIM_TOO_LARGE', `more than ${NAMED_MODELS} models are named`)
}

function named(text: string | undefined): string | undefined {
  const name = text?.trim() ?? ''
  return name !== '' && name.length <= NAME_CHARACTERS ? name : undefined
}
