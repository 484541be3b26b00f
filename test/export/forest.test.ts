import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Relation } from '../../src-main/contract/graph.ts'
import { forestOf, type Branch } from '../../src-main/export/forest.ts'
import { aGraph, aModel, aRelation, randomGraph } from '../support/graphs.ts'

const ids = (branch: Branch): string[] => [branch.model.id, ...branch.children.flatMap(ids)]
const outline = (branch: Branch): string =>
  branch.model.id + (branch.children.length > 0 ? `(${branch.children.map(outline).join(' ')})` : '')
const family = { family: 'family-1' }

describe('a graph as trees', () => {
  it('holds every model once, whatever the relations', () => {
    const anyRelation = fc.tuple(fc.nat(9), fc.nat(9), fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(fc.array(anyRelation, { maxLength: 25 }), (links) => {
        const models = Array.from({ length: 10 }, (_, index) => aModel(`m${index}`, family))
        const relations = links.map(([parent, child, directed, support]): Relation =>
          aRelation(`m${parent}`, `m${child}`, { directed, support }),
        )
        const trees = forestOf(aGraph(models, relations)).families.flatMap(({ trees }) => trees)
        expect(trees.flatMap(ids).sort()).toEqual(models.map(({ id }) => id))
      }),
    )
  })

  it('is one tree for each connected family and follows the directed relations', () => {
    const graph = randomGraph(150, 6, 2)
    for (const { trees, models } of forestOf(graph).families) {
      expect(trees).toHaveLength(1)
      expect(trees[0]?.model.id).toBe(models.find(({ root }) => root)?.id)
    }
  })

  it('hangs a copy of the root under the root, whichever of them the relation calls parent', () => {
    const models = [aModel('a-copy', family), aModel('base', { ...family, root: true }), aModel('child', family)]
    const copy = { type: 'copy', directed: false, directionSupport: null } as const
    for (const relation of [aRelation('base', 'a-copy', copy), aRelation('a-copy', 'base', copy)]) {
      const [only] = forestOf(aGraph(models, [relation, aRelation('base', 'child')])).families
      expect(only?.trees.map(outline)).toEqual(['base(a-copy child)'])
    }
  })

  it('climbs over undirected relations to the top', () => {
    const models = ['a', 'b', 'c', 'd'].map((id) => aModel(id, family))
    const undirected = { directed: false, directionSupport: null } as const
    const relations = [aRelation('b', 'a', undirected), aRelation('c', 'b'), aRelation('c', 'd')]
    expect(forestOf(aGraph(models, relations)).families[0]?.trees.map(outline)).toEqual(['c(b(a) d)'])
  })

  it('hangs a merge under its heaviest parent and keeps the others', () => {
    const models = ['base', 'one', 'two', 'merge'].map((id) => aModel(id, { ...family, root: id === 'base' }))
    const light = aRelation('one', 'merge', { weight: 0.3 })
    const relations = [
      aRelation('base', 'one'),
      aRelation('base', 'two'),
      light,
      aRelation('two', 'merge', { weight: 0.7 }),
    ]
    const [tree] = forestOf(aGraph(models, relations)).families[0]?.trees ?? []
    expect(tree && outline(tree)).toBe('base(one two(merge))')
    expect(tree?.children[1]?.children[0]?.others).toEqual([light])
  })

  it('orders names as people count', () => {
    const models = ['step-10', 'step-9', 'step-100'].map((id) => aModel(id))
    expect(forestOf(aGraph(models)).unrelated.map(({ id }) => id)).toEqual(['step-9', 'step-10', 'step-100'])
  })

  it('does not depend on the order of the input', () => {
    const graph = randomGraph(60, 4, 8)
    const turned = { ...graph, models: graph.models.toReversed(), relations: graph.relations.toReversed() }
    expect(forestOf(turned)).toEqual(forestOf(graph))
  })
})
