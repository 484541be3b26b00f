import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Graph } from '../../src-main/contract/graph.ts'
import { layoutForest } from '../../src-main/export/svg/layout.ts'
import type { Layout, PlacedNode } from '../../src-main/export/svg/positions.ts'
import { measureDejaVu } from '../../src-main/export/svg/measure.ts'
import { aGraph, aModel, aRelation, exampleGraph, randomGraph } from '../support/graphs.ts'

const layout = (graph: Graph, branches: 'steps' | 'change' = 'change'): Layout =>
  layoutForest(graph, branches, measureDejaVu)

const anyForest = fc
  .record({ models: fc.integer({ min: 0, max: 60 }), families: fc.integer({ min: 1, max: 9 }), seed: fc.nat(1e6) })
  .map(({ models, families, seed }) => randomGraph(models, families, seed))

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Node and label as boxes on the page. */
function boxes({ blocks }: Layout): Box[] {
  return blocks.flatMap((block) =>
    block.nodes.map(({ x, y, label }) => ({
      left: block.x + x - 5,
      right: block.x + label.end,
      top: block.y + y - 7,
      bottom: block.y + y + 7,
    })),
  )
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

describe('the layout of a forest', () => {
  it('keeps labels and nodes apart and on the page', () => {
    fc.assert(
      fc.property(anyForest, fc.constantFrom('steps' as const, 'change' as const), (graph, branches) => {
        const page = layout(graph, branches)
        const all = boxes(page)
        expect(all).toHaveLength(graph.models.length)
        for (const [index, box] of all.entries()) {
          expect(all.slice(index + 1).filter((other) => overlap(box, other))).toEqual([])
          expect(box.left >= 0 && box.top >= 0 && box.right <= page.width && box.bottom <= page.height).toBe(true)
        }
      }),
    )
  })

  it('stands every parent left of its child, with room for mark and arrow', () => {
    fc.assert(
      fc.property(anyForest, (graph) => {
        for (const { from, to } of layout(graph).blocks.flatMap(({ edges }) => edges)) {
          expect(to.x - from.x).toBeGreaterThanOrEqual(44)
        }
      }),
    )
  })

  it('leads no line through a label', () => {
    fc.assert(
      fc.property(anyForest, (graph) => {
        for (const { nodes, edges } of layout(graph).blocks) {
          for (const { from, to } of edges) {
            const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)]
            const passed = nodes.filter(({ y }) => y > top && y < bottom)
            expect(passed.filter(({ x, label }) => x - 5 <= from.x && from.x <= label.end)).toEqual([])
          }
        }
      }),
    )
  })

  it('does not depend on the order of the input', () => {
    fc.assert(
      fc.property(anyForest, (graph) => {
        const turned = { ...graph, models: graph.models.toReversed(), relations: graph.relations.toReversed() }
        expect(layout(turned)).toEqual(layout(graph))
      }),
    )
  })

  it('puts 16 px to 1 % of change and marks what is longer than the scale', () => {
    const family = { family: 'family-1' }
    const models = [
      aModel('a', { ...family, root: true }),
      aModel('b', family),
      aModel('c', family),
      aModel('d', family),
    ]
    const relations = [
      aRelation('a', 'b', { relativeChange: 0.01 }),
      aRelation('a', 'c', { relativeChange: 0.05 }),
      aRelation('a', 'd', { relativeChange: 0.9 }),
    ]
    const edges = layout(aGraph(models, relations)).blocks[0]?.edges ?? []
    const lengths = edges.map(({ from, to, shortened }) => [to.x - from.x, shortened])
    expect(lengths).toEqual([
      [60, false],
      [124, false],
      [236, true],
    ])
  })

  it('sets a pair of unknown direction in one column, hollow, joined by a bracket', () => {
    const { blocks } = layout(exampleGraph())
    const pair = blocks.find(({ title }) => title.startsWith('whisper'))
    expect(pair?.note).toBe('2 models, 88\u00a0%, direction unknown')
    expect(new Set(pair?.nodes.map(({ x }) => x)).size).toBe(1)
    expect(pair?.nodes.map(({ shape }) => shape)).toEqual(['unknown', 'unknown'])
    expect(pair?.edges.map(({ path }) => path)).toEqual(['bracket'])
  })

  it('writes support beside a name below 95 % only', () => {
    const nodes = layout(exampleGraph()).blocks.flatMap(({ nodes }) => nodes)
    const uncertain = nodes.filter(({ label }) => label.support !== '')
    expect(uncertain.map(({ label }) => [label.name, label.support])).toEqual([
      ['vit-birds-de', '86\u00a0%'],
      ['vit-cars-night', '71\u00a0%'],
      ['vit-cars-rain', '44\u00a0%'],
    ])
  })

  describe('of merges, ghosts and adapters', () => {
    const family = { family: 'family-1' }
    const of = (models: [string, object?][], relations: Graph['relations']): PlacedNode[] =>
      layout(
        aGraph(
          models.map(([id, values]) => aModel(id, { ...family, ...values })),
          relations,
        ),
      ).blocks.flatMap(({ nodes }) => nodes)

    const merged = (heavy: string, light: string, shares: [number, number] = [0.6, 0.4]): Graph =>
      aGraph(
        [aModel('base', { ...family, root: true }), ...['law', 'med', 'zoo', 'merge'].map((id) => aModel(id, family))],
        [
          ...['law', 'med', 'zoo'].map((id) => aRelation('base', id)),
          aRelation(heavy, 'merge', { weight: shares[0] }),
          aRelation(light, 'merge', { weight: shares[1] }),
        ],
      )

    it.each([
      ['law', 'med'],
      ['med', 'law'],
      ['med', 'zoo'],
      ['zoo', 'med'],
    ])('joins the neighbours %s and %s in a row between them', (heavy, light) => {
      const [block] = layout(merged(heavy, light)).blocks
      const row = (id: string): number => block?.nodes.find(({ model }) => model.id === id)?.y ?? NaN
      expect([row(heavy), row('merge'), row(light)].toSorted((a, b) => a - b)[1]).toBe(row('merge'))
      const lines = block?.edges.filter(({ to }) => to.model.id === 'merge')
      expect(lines?.map(({ path, merged }) => [path, merged])).toEqual([
        ['branch', true],
        ['join', true],
      ])
      expect(lines?.[0]?.to.label.detail).toBe(`0.60 ${heavy} + 0.40 ${light}`)
    })

    it('gives a parent that is no neighbour a stub; the label names it', () => {
      const lines = layout(merged('law', 'zoo')).blocks[0]?.edges.filter(({ to }) => to.model.id === 'merge')
      expect(lines?.map(({ path }) => path)).toEqual(['branch', 'stub'])
      expect(lines?.[0]?.to.label.detail).toBe('0.60 law + 0.40 zoo')
    })

    it('gives them their own shapes', () => {
      const nodes = of(
        [
          ['base', { root: true }],
          ['ghost-1', { kind: 'ghost' }],
          ['lora', { kind: 'adapter' }],
        ],
        [aRelation('base', 'ghost-1'), aRelation('ghost-1', 'lora')],
      )
      expect(nodes.map(({ shape }) => shape)).toEqual(['model', 'ghost', 'adapter'])
    })
  })
})
