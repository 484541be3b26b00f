import { Composer, type CST, isMap, isScalar, isSeq, Parser, type ParsedNode, type YAMLMap } from 'yaml'
import { YAML_DEPTH } from './limits.ts'
import { ClaimFault } from './types.ts'

export type YamlNode = ParsedNode | null

/**
 * Reads YAML without what makes it dangerous: no tags, no aliases, no merge keys, every scalar a text. The nesting is
 * bounded before anything recursive looks at it. Throws ClaimFault.
 */
export function parseYaml(text: string): YamlNode {
  const tokens = [...new Parser().parse(text)]
  checkTokens(tokens)
  const documents = [...new Composer({ schema: 'failsafe', uniqueKeys: false, merge: false }).compose(tokens)]
  const [document, second] = documents
  if (second) throw new ClaimFault('CLAIM_NOT_YAML', 'more than one document')
  const error = document?.errors[0]
  if (error) throw new ClaimFault('CLAIM_NOT_YAML', `not YAML (${error.code})`)
  return (document?.contents ?? null) as YamlNode
}

/** The value at a key of a map; of equal keys the first. */
export function valueAt(node: YamlNode, key: string): YamlNode {
  if (!isMap(node)) return null
  const pair = (node as YAMLMap.Parsed).items.find((item) => textOf(item.key) === key)
  return pair?.value ?? null
}

/** The items of a list, or the one value that stands in its place. */
export function itemsOf(node: YamlNode): readonly YamlNode[] {
  if (isSeq(node)) return node.items as YamlNode[]
  return node ? [node] : []
}

/** A scalar as it is written; undefined for anything else, and for nothing. */
export function textOf(node: YamlNode): string | undefined {
  return isScalar(node) && typeof node.value === 'string' && node.value !== '' ? node.value : undefined
}

/** Walks the tokens without recursion. */
function checkTokens(tokens: readonly CST.Token[]): void {
  const open: { token: unknown; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }))
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next
    if (typeof token !== 'object' || token === null) continue
    const { type, items, key, value } = token as { type?: string; items?: unknown[]; key?: unknown; value?: unknown }
    if (type === 'alias') throw new ClaimFault('CLAIM_NOT_YAML', 'an alias, which is not read')
    const deeper = Array.isArray(items) ? depth + 1 : depth
    if (deeper > YAML_DEPTH) throw new ClaimFault('CLAIM_TOO_DEEP', `nested deeper than ${YAML_DEPTH} levels`)
    for (const inner of [...(Array.isArray(items) ? items : []), key, value]) open.push({ token: inner, depth: deeper })
  }
}
