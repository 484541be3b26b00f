import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aGraph, aModel, aRelation, exampleGraph, randomGraph } from '../../support/graphs.ts'
import { anyForest, anyLayout, labelBox, layout, LAYOUTS, overlap, segments } from './forests.ts'

const family = { family: 'family-1' }

describe('the layout of the forest', () => {
  it('keeps labels and nodes apart', () => {
    fc.assert(
      fc.property(anyForest, anyLayout, (graph, kind) => {
        const { nodes } = layout(graph, { layout: kind })
        const boxes = nodes.map((node) => labelBox(node, -5))
        const met = boxes.flatMap((box, index) =>
          boxes.slice(index + 1).flatMap((other, later) => (overlap(box, other) ? [[index, index + 1 + later]] : [])),
        )
        expect(met.map(([a, b]) => [nodes[a!]?.model.id, nodes[b!]?.model.id])).toEqual([])
      }),
    )
  })

  it('leads no line through a label', () => {
    fc.assert(
      fc.property(anyForest, anyLayout, (graph, kind) => {
        const sheet = layout(graph, { layout: kind })
        const lines = segments(sheet)
        const crossed = sheet.nodes.filter((node) => lines.some((line) => overlap(line, labelBox(node))))
        expect(crossed.map(({ model }) => model.id)).toEqual([])
      }),
    )
  })

  it('keeps everything on the sheet', () => {
    fc.assert(
      fc.property(anyForest, anyLayout, (graph, kind) => {
        const { nodes, width, height } = layout(graph, { layout: kind })
        for (const { x, y } of nodes.flatMap((node) => labelBox(node, -5))) {
          expect([x >= 0, y >= 0, x <= width + 1, y <= height + 1]).toEqual([true, true, true, true])
        }
      }),
    )
  })

  it('shows every model once and every relation that joins two', () => {
    fc.assert(
      fc.property(anyForest, anyLayout, (graph, kind) => {
        const { nodes, edges } = layout(graph, { layout: kind })
        expect(nodes.map(({ model }) => model.id).sort()).toEqual(graph.models.map(({ id }) => id).sort())
        expect(edges).toHaveLength(graph.relations.length)
      }),
    )
  })

  it('does not depend on the order of the input', () => {
    fc.assert(
      fc.property(anyForest, anyLayout, (graph, kind) => {
        const turned = { ...graph, models: graph.models.toReversed(), relations: graph.relations.toReversed() }
        expect(layout(turned, { layout: kind })).toEqual(layout(graph, { layout: kind }))
      }),
    )
  })

  it('stands a child 44 px and 16 px for each 1 % of change right of its parent, and marks what is longer', () => {
    const models = ['a', 'b', 'c', 'd'].map((id) => aModel(id, { ...family, root: id === 'a' }))
    const relations = [
      aRelation('a', 'b', { relativeChange: 0.01 }),
      aRelation('a', 'c', { relativeChange: 0.05 }),
      aRelation('a', 'd', { relativeChange: 0.9 }),
    ]
    const { byId, edges } = layout(aGraph(models, relations))
    const lengths = edges.map(({ from, to, broken }) => [byId.get(to)!.x - byId.get(from)!.x, broken !== null])
    expect(lengths).toEqual([
      [60, false],
      [124, false],
      [236, true],
    ])
  })

  it('puts an arrow where the direction is known, and only there', () => {
    for (const kind of LAYOUTS) {
      const { edges } = layout(exampleGraph(), { layout: kind })
      expect(edges.filter(({ arrow, relation }) => (arrow !== null) !== relation.directed)).toEqual([])
    }
  })

  it('sets a pair of unknown direction in one column, hollow, joined by a bracket', () => {
    for (const kind of LAYOUTS) {
      const { blocks } = layout(exampleGraph(), { layout: kind })
      const pair = blocks.find(({ title }) => title.startsWith('whisper'))
      expect(pair?.note).toBe('2 models, 88\u00a0%, direction unknown')
      expect(new Set(pair?.nodes.map(({ x }) => x)).size).toBe(1)
      expect(pair?.nodes.map(({ shape }) => shape)).toEqual(['unknown', 'unknown'])
      expect(pair?.edges[0]?.mark?.x).toBeLessThan(pair?.nodes[0]?.x ?? NaN)
    }
  })

  it('lists models without a relative apart and without lines', () => {
    const { blocks } = layout(exampleGraph())
    expect(blocks.at(-1)).toMatchObject({ title: 'No relative found', note: '1 model', family: null, edges: [] })
  })

  it('breaks such a list into columns that fit the window, where it is wide enough for them', () => {
    const list = aGraph(Array.from({ length: 30 }, (_, at) => aModel(`model-${at}`)))
    const low = { width: 900, height: 240 }
    expect(layout(list, { space: low }).height).toBeLessThanOrEqual(240)
    expect(new Set(layout(list, { space: { ...low, width: 150 } }).nodes.map(({ x }) => x)).size).toBe(1)
    expect(new Set(layout(list, { space: { width: 900, height: 900 } }).nodes.map(({ x }) => x)).size).toBe(1)
  })

  it('sets families side by side where the space is wide, and one under the other where it is narrow', () => {
    const graph = randomGraph(60, 3, 7)
    const columns = (width: number, height: number): number =>
      new Set(layout(graph, { space: { width, height } }).blocks.map(({ x }) => x)).size
    expect(columns(2400, 500)).toBeGreaterThan(1)
    expect(columns(500, 2000)).toBe(1)
  })

  it('lowers its rows where that makes the whole forest fit', () => {
    const chain = (length: number) =>
      aGraph(
        Array.from({ length }, (_, index) => aModel(`m${index}`, { ...family, root: index === 0 })),
        Array.from({ length: length - 1 }, (_, index) => aRelation('m0', `m${index + 1}`)),
      )
    const rows = (length: number): number => layout(chain(length)).rowHeight
    expect([rows(20), rows(35), rows(50), rows(300)]).toEqual([20, 16, 12, 16])
  })
})

describe('merges', () => {
  const merged = (heavy: string, light: string) =>
    aGraph(
      [
        aModel('base', { ...family, root: true }),
        ...['x-law', 'x-med', 'x-zoo', 'x-merge'].map((id) => aModel(id, family)),
      ],
      [
        ...['x-law', 'x-med', 'x-zoo'].map((id) => aRelation('base', id)),
        aRelation(heavy, 'x-merge', { weight: 0.6 }),
        aRelation(light, 'x-merge', { weight: 0.4 }),
      ],
    )

  it('stand between neighbours, both lines joined before the node, and name their shares', () => {
    const { byId, edges } = layout(merged('x-law', 'x-med'))
    const heights = ['x-law', 'x-merge', 'x-med'].map((id) => byId.get(id)?.y ?? NaN)
    expect(heights.toSorted((a, b) => a - b)[1]).toBe(heights[1])
    const lines = edges.filter(({ to }) => to === 'x-merge')
    const ends = lines.map(({ pieces }) => pieces[0]?.slice(-2))
    expect(ends[0]).toEqual(ends[1])
    expect(byId.get('x-merge')?.label.detail).toBe('0.6 law + 0.4 med')
  })

  it('have a faint line to a parent that is no neighbour', () => {
    const lines = layout(merged('x-law', 'x-zoo')).edges.filter(({ to }) => to === 'x-merge')
    expect(lines.map(({ faint }) => faint)).toEqual([false, true])
  })
})

describe('focus and folded subtrees', () => {
  const graph = exampleGraph()

  it('shows the subtree of the focus alone, in the colour of its family', () => {
    const { nodes } = layout(graph, { focus: 'vit-birds' })
    expect(nodes.map(({ model }) => model.id).sort()).toEqual([
      'vit-birds',
      'vit-birds-de',
      'vit-birds-fp16',
      'vit-birds-lora-16',
      'vit-birds-lora-8',
    ])
    expect(new Set(nodes.map((node) => node.family))).toEqual(new Set([0]))
  })

  it('shows everything where the focus is gone', () => {
    expect(layout(graph, { focus: 'deleted' }).nodes).toHaveLength(graph.models.length)
  })

  it('folds descendants away, says how many, and stands in for them', () => {
    const { byId, standIn } = layout(graph, { collapsed: new Set(['vit-birds']) })
    expect(byId.has('vit-birds-de')).toBe(false)
    expect(byId.get('vit-birds')).toMatchObject({ foldable: true })
    expect(byId.get('vit-birds')?.label.detail).toContain('+4')
    expect(standIn.get('vit-birds-de')).toBe('vit-birds')
  })

  it('moves no other family when one is folded', () => {
    const two = randomGraph(40, 2, 3)
    const root = two.models.find(({ root, family }) => root && family === 'family-2')!.id
    const inFirst = (collapsed: Set<string>) =>
      layout(two, { collapsed, space: { width: 1e4, height: 1e4 } })
        .nodes.filter((node) => node.family === 0)
        .map(({ model, y }) => [model.id, y])
    expect(inFirst(new Set([root]))).toEqual(inFirst(new Set()))
  })
})

describe('runs of checkpoints', () => {
  const chain = (names: readonly string[]) =>
    aGraph(
      names.map((id, index) => aModel(id, { ...family, root: index === 0 })),
      names.slice(1).map((id, index) => aRelation(names[index]!, id, { type: 'continued' })),
    )
  const run = chain(['base', 'run/checkpoint-500', 'run/checkpoint-1000', 'run/checkpoint-1500', 'tuned'])

  it('are one node that stands for all of them', () => {
    const { nodes, byId, standIn } = layout(run)
    expect(nodes.map(({ model }) => model.id)).toEqual(expect.arrayContaining(['base', 'run/checkpoint-500', 'tuned']))
    expect(nodes).toHaveLength(3)
    expect(byId.get('run/checkpoint-500')?.label).toMatchObject({
      name: 'checkpoint-500 … 1500',
      detail: '3 checkpoints',
    })
    expect(standIn.get('run/checkpoint-1000')).toBe('run/checkpoint-500')
  })

  it('are drawn one by one when opened', () => {
    expect(layout(run, { openRuns: new Set(['run/checkpoint-500']) }).nodes).toHaveLength(5)
  })

  it('are not made of models that only follow each other, nor of checkpoints with other children', () => {
    expect(layout(chain(['a', 'b', 'c', 'd'])).nodes).toHaveLength(4)
    const branched = aGraph(
      [...run.models, aModel('side', family)],
      [...run.relations, aRelation('run/checkpoint-1000', 'side')],
    )
    expect(layout(branched).nodes).toHaveLength(6)
  })
})
