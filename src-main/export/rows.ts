import type { Graph, GraphModel, Relation } from '../contract/graph.ts'
import { forestOf, type Branch, type Family } from './forest.ts'
import { CERTAIN, count, modelName, percent, sameNumbers, size, typeWord } from '../contract/words.ts'

/** One line of the terminal tree, before it is set in columns. */
export interface Row {
  /** Tree lines before the name. */
  readonly lines: string
  readonly name: string
  readonly relation: string
  readonly support: string
  readonly direction: string
  readonly dtype: string
  readonly size: string
  /** True where the link has a support below one half. */
  readonly weak: boolean
}

export interface Block {
  readonly title: string
  readonly rows: readonly Row[]
}

const BLANK = { lines: '', relation: '', support: '', direction: '', dtype: '', size: '', weak: false }

/** One block for each family, then the models without a relative. */
export function blocksOf(graph: Graph): Block[] {
  const { families, unrelated } = forestOf(graph)
  const names = new Map(graph.models.map((model) => [model.id, modelName(model)]))
  const blocks = families.map((family) => ({
    title: familyTitle(family),
    rows: family.trees.flatMap((tree) => treeRows(tree, names, '', '')),
  }))
  if (unrelated.length === 0) return blocks
  return [
    ...blocks,
    { title: 'No relative found', rows: unrelated.map((model) => ({ ...BLANK, ...modelCells(model) })) },
  ]
}

function familyTitle({ id, models, rooted }: Family): string {
  return [id, count(models.length, 'model'), ...(rooted ? [] : ['direction unknown'])].join(', ')
}

function treeRows(branch: Branch, names: ReadonlyMap<string, string>, own: string, below: string): Row[] {
  const { model, link, others, children } = branch
  const trunk = below + (children.length > 0 ? '│  ' : '   ')
  return [
    { ...BLANK, lines: own, ...modelCells(model), ...(link ? linkCells(link) : {}) },
    ...others.map((relation) => ({
      ...BLANK,
      lines: trunk,
      name: `+ ${names.get(relation.parent) ?? relation.parent}`,
      ...linkCells(relation),
    })),
    ...children.flatMap((child, index) => {
      const last = index === children.length - 1
      return treeRows(child, names, below + (last ? '└─ ' : '├─ '), below + (last ? '   ' : '│  '))
    }),
  ]
}

function modelCells(model: GraphModel): Pick<Row, 'name' | 'dtype' | 'size'> {
  const name = modelName(model)
  if (model.kind === 'ghost') return { name, dtype: '', size: 'no file' }
  return { name: model.kind === 'adapter' ? `${name} (adapter)` : name, dtype: model.dtype, size: size(model.bytes) }
}

function linkCells(relation: Relation): Pick<Row, 'relation' | 'support' | 'direction' | 'weak'> {
  return {
    relation: relationWords(relation),
    support: percent(relation.support),
    direction: directionWords(relation),
    weak: relation.support < 0.5,
  }
}

function relationWords(relation: Relation): string {
  const { type, directed, rank, weight } = relation
  const words = [typeWord(type), ...(rank === null ? [] : [`rank ${rank}`])].join(', ')
  const shared = weight === null ? words : `${words}, ${percent(weight)} of it`
  return directed ? shared : `~ ${shared}`
}

function directionWords(relation: Relation): string {
  const { directed, directionSupport } = relation
  if (sameNumbers(relation)) return 'same numbers'
  if (!directed) return 'unknown'
  return directionSupport !== null && directionSupport < CERTAIN ? percent(directionSupport) : ''
}
