import fc from 'fast-check'
import { parse } from 'newick'
import { describe, expect, it } from 'vitest'
import { visible } from '../../src-main/contract/characters.ts'
import { renderNewick } from '../../src-main/export/newick.ts'
import { aGraph, aModel, aRelation, exampleGraph, randomGraph } from '../support/graphs.ts'

interface Read {
  readonly name: string
  readonly support: number | null
  readonly length: number | null
  readonly children: readonly Read[]
}

/** A reader of the whole grammar: quoted labels, comments, lengths. */
function read(line: string): { rooted: boolean; tree: Read } {
  let at = 5
  const node = (): Read => {
    const children: Read[] = []
    if (line[at] === '(') {
      do {
        at++
        children.push(node())
      } while (line[at] === ',')
      expect(line[at++]).toBe(')')
    }
    const match = /^'((?:[^']|'')*)'(?:\[&support=([\d.e-]+)\]:([\d.e-]+))?/.exec(line.slice(at))
    if (!match) throw new Error(`no label at ${at}`)
    at += match[0].length
    const [, name = '', support, length] = match
    const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text))
    return { name: name.replaceAll("''", "'"), support: number(support), length: number(length), children }
  }
  expect(line).toMatch(/^\[&[RU]\] /)
  const tree = node()
  expect(line.slice(at)).toBe(';')
  return { rooted: line.startsWith('[&R]'), tree }
}

const lines = (text: string): string[] => text.split('\n').slice(0, -1)
const flat = (tree: Read): Read[] => [tree, ...tree.children.flatMap(flat)]

describe('Newick', () => {
  it('writes the example', () => {
    expect(renderNewick(exampleGraph())).toMatchInlineSnapshot(`
      "[&R] ('vit-base-backup'[&support=1]:0,('vit-birds-de'[&support=0.8625]:0.0121,'vit-birds-fp16'[&support=1]:0.0002,'vit-birds-lora-8'[&support=1]:0.0193,'vit-birds-lora-16'[&support=1]:0.0284)'vit-birds'[&support=1]:0.0312,(('vit-cars-night-bf16'[&support=1]:0.0016)'vit-cars-night'[&support=0.715]:0.0151,'vit-cars-rain'[&support=0.4425]:0.0178)'vit-cars'[&support=0.9975]:0.0245,('vit-food-2'[&support=1]:0.0092,'vit-food-renamed'[&support=1]:0)'vit-food'[&support=1]:0.0538)'vit-base';
      [&U] ('whisper-nl/epoch-2'[&support=0.88]:0.0074)'whisper-nl/epoch-1';
      "
    `)
  })

  it('keeps ids, support and relative change of every link', () => {
    const graph = randomGraph(80, 5, 3)
    const nodes = lines(renderNewick(graph)).flatMap((line) => flat(read(line).tree))
    expect(nodes.map(({ name }) => name).sort()).toEqual(
      graph.models.filter(({ family }) => family !== null).map(({ id }) => id),
    )
    for (const { name, support, length } of nodes.filter((node) => node.length !== null)) {
      const relation = graph.relations.find(({ child }) => child === name)
      expect([support, length]).toEqual([relation?.support, relation?.relativeChange])
    }
  })

  it('agrees with a second parser, which knows no quotes, on names that need none', () => {
    const [line = ''] = lines(renderNewick(randomGraph(30, 1, 6)))
    type Parsed = ReturnType<typeof parse>
    const bare = ({ name, length, branchset }: Parsed): unknown => ({
      name: name?.replace(/^.*'([^']*)'.*$/, '$1'),
      length: length ?? null,
      children: (branchset ?? []).map(bare),
    })
    const own = ({ name, length, children }: Read): unknown => ({ name, length, children: children.map(own) })
    expect(bare(parse(line.slice(5)))).toEqual(own(read(line).tree))
  })

  it('holds any name, one tree a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (name) => {
        const models = [aModel('root', { family: 'family-1', root: true }), aModel(`x${name}`, { family: 'family-1' })]
        const text = renderNewick(aGraph(models, [aRelation('root', `x${name}`)]))
        expect(lines(text)).toHaveLength(1)
        expect(read(text.trimEnd()).tree.children[0]?.name).toBe(visible(`x${name}`))
      }),
    )
  })

  it('calls a tree unrooted where the direction is unknown', () => {
    const [rooted, unrooted] = lines(renderNewick(exampleGraph())).map((line) => read(line).rooted)
    expect([rooted, unrooted]).toEqual([true, false])
  })
})
