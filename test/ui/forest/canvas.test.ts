import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundsOf } from '../../../src-renderer/ui/forest/canvas/bounds.ts'
import { fit, held, home, keepInPlace, reveal } from '../../../src-renderer/ui/forest/canvas/camera.ts'
import { colouringOf } from '../../../src-renderer/ui/forest/canvas/colouring.ts'
import { hitAt } from '../../../src-renderer/ui/forest/canvas/hit.ts'
import { pictureSize } from '../../../src-renderer/ui/forest/canvas/picture.ts'
import type { Palette } from '../../../src-renderer/ui/forest/canvas/palette.ts'
import { aGraph, aModel, exampleGraph, randomGraph } from '../../support/graphs.ts'
import { anyForest, anyLayout, layout, LAYOUTS } from './forests.ts'

const graph = exampleGraph()
const space = { width: 640, height: 672 }

describe('what lies under the pointer', () => {
  it('is a node, on its disc and on its label, in every layout', () => {
    fc.assert(
      fc.property(anyForest, anyLayout, (forest, kind) => {
        const sheet = layout(forest, { layout: kind })
        const bounds = boundsOf(sheet)
        for (const node of sheet.nodes) {
          for (const along of [0, 12 + node.label.end / 2]) {
            const point = { x: node.x + along * Math.cos(node.turn), y: node.y + along * Math.sin(node.turn) }
            const hit = hitAt(sheet, bounds, point)
            expect(hit?.kind === 'node' && hit.node.model.id).toBe(node.model.id)
          }
        }
      }),
    )
  })

  it('is a line, at its mark', () => {
    for (const kind of LAYOUTS) {
      const sheet = layout(graph, { layout: kind })
      const bounds = boundsOf(sheet)
      const marked = sheet.edges.filter(({ mark }) => mark !== null)
      const found = marked.map(({ mark }) => hitAt(sheet, bounds, mark!))
      expect(found.map((hit) => hit?.kind === 'edge' && hit.edge)).toEqual(marked)
    }
  })

  it('is a family, at its title, and nothing far away', () => {
    const sheet = layout(graph)
    const bounds = boundsOf(sheet)
    const [block] = sheet.blocks
    expect(hitAt(sheet, bounds, { x: block!.x + 4, y: block!.y + 12 })).toMatchObject({
      kind: 'title',
      block: { id: 'family-1' },
    })
    expect(hitAt(sheet, bounds, { x: -50, y: -50 })).toBeNull()
  })
})

describe('the camera', () => {
  it('fits the whole sheet, never enlarged', () => {
    const small = fit(layout(graph), { width: 4000, height: 4000 })
    expect(small.k).toBe(1)
    const sheet = layout(randomGraph(300, 5, 1))
    const { x, k } = fit(sheet, space)
    expect(sheet.width * k + 2 * x).toBeLessThanOrEqual(space.width)
    expect(sheet.height * k).toBeLessThanOrEqual(space.height)
  })

  it('keeps the corner of the key free', () => {
    const sheet = layout(graph)
    const widest = Math.max(...sheet.blocks.map(({ x, width }) => x + width))
    const corner = { width: 148, height: 300 }
    const { k } = fit(sheet, { width: widest + 20, height: 2000, corner })
    expect(widest * k).toBeLessThanOrEqual(widest + 20 - 148)
  })

  it('begins with the first family at 100 % where all of it could not be read', () => {
    const start = home(layout(randomGraph(1000, 20, 7)), space)
    expect(start).toEqual({ x: 0, y: 0, k: 1 })
  })

  it('brings a node into sight, and does not move for one that is', () => {
    const sheet = layout(randomGraph(300, 5, 1))
    const [first, last] = [sheet.nodes[0]!, sheet.nodes.at(-1)!]
    const camera = { x: 0, y: 0, k: 1 }
    expect(reveal(camera, sheet, first.model.id, space)).toBe(camera)
    const moved = reveal(camera, sheet, last.model.id, space)
    expect(last.y + moved.y).toBeLessThanOrEqual(space.height)
    expect(last.x + moved.x).toBeGreaterThanOrEqual(0)
  })

  it('leaves a node where it was when the forest grows: the chosen one, or the nearest to the middle', () => {
    const before = layout(aGraph([aModel('b'), aModel('c'), aModel('d')]))
    const after = layout(aGraph(['a', 'b', 'c', 'd'].map((id) => aModel(id))))
    const camera = { x: 5, y: -10, k: 1.5 }
    const seenAt = (sheet: typeof before, id: string, { y, k }: typeof camera): number => sheet.byId.get(id)!.y * k + y
    for (const chosen of ['d', null]) {
      const next = keepInPlace(camera, before, after, chosen, space)
      expect(seenAt(after, 'd', next)).toBeCloseTo(seenAt(before, 'd', camera))
    }
    expect(keepInPlace(camera, before, layout(aGraph([aModel('other')])), null, space)).toBe(camera)
  })

  it('never loses the sheet', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0.04, max: 4, noNaN: true }),
        (far, k) => {
          const sheet = { width: 700, height: 900 }
          const { x, y } = held({ x: far, y: -far, k }, sheet, space)
          expect([x < space.width, y < space.height, x + 700 * k > 0, y + 900 * k > 0]).toEqual([
            true,
            true,
            true,
            true,
          ])
        },
      ),
    )
  })
})

describe('colours', () => {
  const sheet = layout(graph)

  it('give each family its own, and models without a relative none', () => {
    const { node } = colouringOf('family', sheet, graph.relations, {})
    const tokens = new Map(sheet.nodes.map((each) => [each.model.id, node(each)]))
    expect(tokens.get('vit-base')).toBe('f1')
    expect(tokens.get('whisper-nl/epoch-1')).toBe('f2')
    expect(tokens.get('resnet18-scratch')).toBe('ctl')
  })

  it.each(['type', 'support', 'dtype', 'size', 'agreement'] as const)('of the %s are all in the key', (colour) => {
    const { node, key } = colouringOf(colour, sheet, graph.relations, {})
    const known = new Set(key.map(({ token }) => token))
    const quiet = colour === 'support' ? ['ctl'] : []
    expect(sheet.nodes.map(node).filter((token) => !known.has(token) && !quiet.includes(token))).toEqual([])
    expect(new Set(key.map(({ words }) => words)).size).toBe(key.length)
  })

  it('of claims have a sign beside them', () => {
    const claims = {
      'vit-birds': { verdict: 'agrees' as const, claims: [], licence: null },
      'vit-cars': { verdict: 'contradicts' as const, claims: [], licence: null },
    }
    const { node, sign } = colouringOf('agreement', sheet, graph.relations, claims)
    const of = (id: string) => [node(sheet.byId.get(id)!), sign(sheet.byId.get(id)!)]
    expect(of('vit-birds')).toEqual(['agree', 'agrees'])
    expect(of('vit-cars')).toEqual(['contradict', 'contradicts'])
    expect(of('vit-food')).toEqual(['ctl', null])
  })
})

describe('the size of a picture', () => {
  const drawing = (models: number) => {
    const sheet = layout(models === 0 ? aGraph([aModel('only')]) : randomGraph(models, 3, 5))
    const colouring = colouringOf('family', sheet, [], {})
    return { sheet, bounds: boundsOf(sheet), colouring, palette: { colours: {}, font: '' } as unknown as Palette }
  }

  it('is the sheet and its key, times the factor', () => {
    const one = pictureSize(drawing(30), { factor: 1, legend: false })
    const two = pictureSize(drawing(30), { factor: 2, legend: false })
    expect([two.width, two.height, two.limited]).toEqual([2 * one.width, 2 * one.height, false])
    expect(pictureSize(drawing(30), { factor: 1, legend: true }).height).toBeGreaterThan(one.height)
  })

  it('never exceeds what a canvas can hold, and says so', () => {
    for (const models of [0, 30, 2000]) {
      const { width, height, limited } = pictureSize(drawing(models), { factor: 1000, legend: true })
      expect(limited).toBe(true)
      expect(Math.max(width, height)).toBeLessThanOrEqual(16_384)
      expect(width * height).toBeLessThanOrEqual(128 * 2 ** 20)
    }
  })
})
