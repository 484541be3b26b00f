import type { Graph, GraphModel, Relation } from '../contract/graph.ts'
import { escapeXml } from '../contract/characters.ts'
import { modelName, typeWord } from '../contract/words.ts'

type Value = string | number | boolean | null
type Column<Item> = readonly [
  name: string,
  type: 'string' | 'boolean' | 'long' | 'double',
  value: (item: Item) => Value,
]

const NODE_COLUMNS: readonly Column<GraphModel>[] = [
  ['label', 'string', modelName],
  ['model', 'string', ({ id }) => id],
  ['path', 'string', ({ path }) => path],
  ['kind', 'string', ({ kind }) => kind],
  ['family', 'string', ({ family }) => family],
  ['root', 'boolean', ({ root }) => root],
  ['dtype', 'string', ({ dtype }) => dtype],
  ['parameters', 'long', ({ parameters }) => parameters],
  ['tensors', 'long', ({ tensors }) => tensors],
  ['bytes', 'long', ({ bytes }) => bytes],
  ['contentHash', 'string', ({ contentHash }) => contentHash],
]

const EDGE_COLUMNS: readonly Column<Relation>[] = [
  ['label', 'string', ({ type }) => typeWord(type)],
  ['type', 'string', ({ type }) => type],
  ['directed', 'boolean', ({ directed }) => directed],
  ['support', 'double', ({ support }) => support],
  ['directionSupport', 'double', ({ directionSupport }) => directionSupport],
  ['weight', 'double', ({ weight }) => weight],
  ['rank', 'long', ({ rank }) => rank],
  ['relativeChange', 'double', ({ relativeChange }) => relativeChange],
  ['cosine', 'double', ({ cosine }) => cosine],
  ['reason', 'string', ({ reason }) => reason],
]

/**
 * GraphML 1.0 that yEd, Gephi and NetworkX all open. NetworkX refuses files that mix directed and undirected edges, so an
 * unknown direction stands in the edge's boolean `directed`; a graph with no known direction at all is undirected.
 */
export function renderGraphml(graph: Graph): string {
  const nodeIds = new Map(graph.models.map((model, index) => [model.id, `n${index}`]))
  const undirected = graph.relations.length > 0 && graph.relations.every(({ directed }) => !directed)
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...NODE_COLUMNS.map((column) => declaration('node', column)),
    ...EDGE_COLUMNS.map((column) => declaration('edge', column)),
    `  <graph id="heirloom" edgedefault="${undirected ? 'undirected' : 'directed'}">`,
    ...graph.models.flatMap((model, index) => [
      `    <node id="n${index}">`,
      ...data('node', NODE_COLUMNS, model),
      '    </node>',
    ]),
    ...graph.relations.flatMap((relation, index) => [
      `    <edge id="e${index}" source="${nodeIds.get(relation.parent)}" target="${nodeIds.get(relation.child)}">`,
      ...data('edge', EDGE_COLUMNS, relation),
      '    </edge>',
    ]),
    '  </graph>',
    '</graphml>',
  ]
  return `${lines.join('\n')}\n`
}

function declaration<Item>(element: 'node' | 'edge', [name, type]: Column<Item>): string {
  return `  <key id="${element}_${name}" for="${element}" attr.name="${name}" attr.type="${type}"/>`
}

/** Null values are left out: the format has no other way to say "none". */
function data<Item>(element: 'node' | 'edge', columns: readonly Column<Item>[], item: Item): string[] {
  return columns.flatMap(([name, , value]) => {
    const content = value(item)
    return content === null ? [] : `      <data key="${element}_${name}">${escapeXml(String(content))}</data>`
  })
}
