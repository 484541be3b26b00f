import type { Graph, GraphModel, Relation } from '../contract/graph.ts'
import { visible } from '../contract/characters.ts'
import { forestOf } from './forest.ts'
import { CERTAIN, modelName, percent, size, typeWord } from '../contract/words.ts'

/** A Graphviz digraph, left to right: a cluster for each family, no arrow where the direction is unknown. */
export function renderDot(graph: Graph): string {
  const { families, unrelated } = forestOf(graph)
  const lines = [
    'digraph heirloom {',
    '  rankdir=LR',
    '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11]',
    '  edge [fontname="Helvetica", fontsize=10]',
    ...families.flatMap(({ id, models }) => [
      `  subgraph ${quoted(`cluster_${id}`)} {`,
      `    label=${quoted(escaped(visible(id)))}`,
      ...models.map((model) => `    ${node(model)}`),
      '  }',
    ]),
    ...unrelated.map((model) => `  ${node(model)}`),
    ...graph.relations.map((relation) => `  ${edge(relation)}`),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

function node(model: GraphModel): string {
  const name = escaped(modelName(model))
  const label = model.kind === 'ghost' ? name : `${name}\\n${escaped(visible(model.dtype))}, ${size(model.bytes)}`
  const look = model.kind === 'ghost' ? ', style="rounded,dashed"' : model.kind === 'adapter' ? ', shape=diamond' : ''
  return `${key(model.id)} [label=${quoted(label)}${look}]`
}

function edge(relation: Relation): string {
  const { parent, child, type, directed, support, reason } = relation
  const attributes = [
    `label=${quoted(`${escaped(typeWord(type))} ${percent(support)}`)}`,
    `tooltip=${quoted(escaped(visible(reason)))}`,
    ...(directed ? [] : ['dir=none']),
    ...(support < CERTAIN ? ['style=dashed'] : []),
  ]
  return `${key(parent)} -> ${key(child)} [${attributes.join(', ')}]`
}

/** An identifier: unseen characters made visible, backslashes doubled so that none escapes the closing quote. */
function key(id: string): string {
  return quoted(visible(id).replaceAll('\\', '\\\\'))
}

/** Graphviz reads backslash escapes and HTML entities in labels. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('&', '&amp;')
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`
}
