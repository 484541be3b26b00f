import type { Graph, Relation } from '../contract/graph.ts'
import { visible } from '../contract/characters.ts'
import { forestOf, type Branch } from './forest.ts'

/**
 * One Newick tree for each family, one a line. Every node is a model, inner ones too, and its label is the model's id in
 * quotes; branch length is the relative change, `[&support=…]` the support of the link to the parent (0 to 1). `[&R]`
 * where the root is known, else `[&U]`.
 */
export function renderNewick(graph: Graph): string {
  const { families } = forestOf(graph)
  return families
    .flatMap(({ trees, rooted }) => trees.map((tree) => `${rooted ? '[&R]' : '[&U]'} ${subtree(tree)};\n`))
    .join('')
}

function subtree({ model, link, children }: Branch): string {
  const inner = children.length > 0 ? `(${children.map(subtree).join(',')})` : ''
  return `${inner}'${visible(model.id).replaceAll("'", "''")}'${link ? branch(link) : ''}`
}

function branch({ support, relativeChange }: Relation): string {
  return `[&support=${support}]:${relativeChange}`
}
