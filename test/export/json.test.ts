import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { Graph } from '../../src-main/contract/graph.ts'
import { renderJson } from '../../src-main/export/json.ts'
import { exampleGraph, randomGraph } from '../support/graphs.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../docs/heirloom-graph-1.schema.json', import.meta.url), 'utf8'),
) as object
const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema)

/** The example as a plain object, with one field of the first relation or model replaced. */
function spoilt(part: 'models' | 'relations' | 'problems', key: string, value: unknown): unknown {
  const plain = JSON.parse(renderJson(exampleGraph())) as Record<string, Record<string, unknown>[]>
  const item = plain[part]?.[0]
  if (!item) throw new Error(part)
  if (value === undefined) delete item[key]
  else item[key] = value
  return plain
}

describe('the graph as JSON', () => {
  it.each([exampleGraph(), randomGraph(40, 3, 1), { ...exampleGraph(), models: [], relations: [], problems: [] }])(
    'follows its schema',
    (graph) => {
      expect(validate(JSON.parse(renderJson(graph))), JSON.stringify(validate.errors)).toBe(true)
    },
  )

  it.each([
    ['relations', 'support', 1.01],
    ['relations', 'directionSupport', -0.1],
    ['relations', 'cosine', 2],
    ['relations', 'relativeChange', -1],
    ['relations', 'directed', 'yes'],
    ['relations', 'type', ''],
    ['relations', 'reason', undefined],
    ['models', 'kind', 'folder'],
    ['models', 'bytes', 1.5],
    ['models', 'contentHash', undefined],
    ['problems', 'code', 'lower case'],
  ] as const)('is refused by the schema where %s have %s = %s', (part, key, value) => {
    expect(validate(spoilt(part, key, value))).toBe(false)
  })

  it('says everything, in the same order however the objects were built', () => {
    const graph = exampleGraph()
    const backwards = <Item extends object>(item: Item): Item =>
      Object.fromEntries(Object.entries(item).reverse()) as Item
    const shuffled: Graph = backwards({
      ...graph,
      models: graph.models.map(backwards),
      relations: graph.relations.map(backwards),
      problems: graph.problems.map(backwards),
    })
    expect(JSON.parse(renderJson(graph))).toEqual(graph)
    expect(renderJson(shuffled)).toBe(renderJson(graph))
  })

  it('keeps fields of a later version, after those it knows', () => {
    const [model] = exampleGraph().models
    const later = { licence: 'MIT', ...model } as Graph['models'][number]
    expect(renderJson({ ...exampleGraph(), models: [later] })).toMatch(/"contentHash": "\w+",\n {6}"licence": "MIT"\n/)
  })

  it('is indented by two and ends with a line end', () => {
    expect(renderJson(exampleGraph())).toMatch(/^\{\n {2}"schema": "heirloom\/graph@1",\n {2}"models": \[\n/)
    expect(renderJson(exampleGraph())).toMatch(/\n\}\n$/)
  })
})
