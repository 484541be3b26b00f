import { Resvg } from '@resvg/resvg-js'
import fc from 'fast-check'
import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EXPORTERS } from '../../src-main/export/registry.ts'
import { renderPng } from '../../src-main/engine/png.ts'
import { measureDejaVu } from '../../src-main/export/svg/measure.ts'
import { renderSvg } from '../../src-main/export/svg/svg.ts'
import { THEMES } from '../../src-main/export/svg/tokens.ts'
import { aGraph, aModel, aRelation, exampleGraph, randomGraph } from '../support/graphs.ts'

const FONTS = new URL('../../node_modules/dejavu-fonts-ttf/ttf/', import.meta.url).pathname
const font = { loadSystemFonts: false, fontDirs: [FONTS], defaultFontFamily: 'DejaVu Sans' }
const count = (text: string, part: string): number => text.split(part).length - 1

describe('the forest as SVG', () => {
  it('is XML with a title for every node and edge', () => {
    const graph = exampleGraph()
    const svg = renderSvg(graph)
    expect(() => new Resvg(svg, { font })).not.toThrow()
    expect(count(svg, '<title>')).toBe(1 + graph.models.length + graph.relations.length)
    for (const { reason } of graph.relations) expect(svg).toContain(`<title>${reason}</title>`)
  })

  it('is XML for any name, and hides nothing in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const family = { family: 'family-1' }
        const models = [aModel('root', { ...family, root: true }), aModel(`x${name}`, family)]
        const svg = renderSvg(aGraph(models, [aRelation('root', `x${name}`, { reason: name, type: name as 'copy' })]))
        expect(() => new Resvg(svg, { font: { loadSystemFonts: false } })).not.toThrow()
        expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      }),
    )
  })

  it('lets a name be text only', () => {
    const svg = renderSvg(aGraph([aModel('</title><script>alert(1)</script>" onload="x')]))
    expect(svg).not.toMatch(/<script|" onload/)
  })

  it('refers to nothing outside itself', () => {
    const svg = renderSvg(exampleGraph()).replace('xmlns="http://www.w3.org/2000/svg"', '')
    expect(svg).not.toMatch(/http|href|url\(|<style|@import/)
  })

  it('draws an arrow for each known direction and none else', () => {
    const arrows = (directed: boolean): number => {
      const models = ['a', 'b', 'c'].map((id) => aModel(id, { family: 'family-1', root: directed && id === 'a' }))
      const relations = [aRelation('a', 'b', { directed }), aRelation('a', 'c', { directed })]
      return count(renderSvg(aGraph(models, relations)), 'l-7-3.5v7z')
    }
    // One more stands in the key.
    expect([arrows(true), arrows(false)]).toEqual([3, 0])
  })

  it('explains what occurs and nothing else', () => {
    const words = ['LoRA', 'renamed copy', 'direction unknown', 'missing ancestor', '50–79 %', 'more than']
    const pure = renderSvg(
      aGraph(
        [aModel('a', { family: 'family-1', root: true }), aModel('b', { family: 'family-1' })],
        [aRelation('a', 'b')],
      ),
    )
    expect(words.filter((word) => pure.includes(word))).toEqual([])
    expect(words.filter((word) => renderSvg(exampleGraph()).includes(word))).toEqual(
      words.filter((word) => word !== 'missing ancestor' && word !== 'more than'),
    )
    expect(pure).toContain('≥ 95 % support')
  })

  it('draws a type it does not know with a mark and its own word', () => {
    const models = [aModel('a', { family: 'family-1', root: true }), aModel('b', { family: 'family-1' })]
    expect(renderSvg(aGraph(models, [aRelation('a', 'b', { type: 'grown' as 'copy' })]))).toContain('>grown</text>')
  })

  it('says so where there is nothing', () => {
    expect(renderSvg(aGraph([]))).toContain('No models found.')
  })
})

describe('the measure of text', () => {
  it.each([
    ['llama-3.2-1b-instruct-q4_k_m MMMM iiii', 400],
    ['vit-base-patch16-224/checkpoint-5000', 600],
  ])('agrees with the font for %s at weight %i', (text, weight) => {
    const attributes = `font-family="DejaVu Sans" font-size="100" font-weight="${weight}"`
    const page = 'xmlns="http://www.w3.org/2000/svg" width="6000" height="200"'
    const box = new Resvg(`<svg ${page}><text y="100" ${attributes}>${text}</text></svg>`, { font }).getBBox()
    expect(Math.abs(measureDejaVu(text, 100, weight) - (box?.width ?? 0)) / 100).toBeLessThan(0.35)
  })
})

describe('the themes of a picture', () => {
  const TOKENS = { canvas: 's0', ink1: 'ink1', ink2: 'ink2', ink3: 'ink3', line: 'line', quiet: 'ctl' } as const
  const css = fs.readFileSync(new URL('../../src-renderer/ui/tokens.css', import.meta.url), 'utf8')
  const blocks = { light: css.slice(0, css.indexOf('[data-theme')), dark: css.slice(css.indexOf('[data-theme')) }

  it.each(['light', 'dark'] as const)('%s is that of the window', (name) => {
    const token = (called: string): string | undefined => new RegExp(`--${called}: (#\\w+);`).exec(blocks[name])?.[1]
    const { families, ...colours } = THEMES[name]
    expect(colours).toEqual(Object.fromEntries(Object.entries(TOKENS).map(([key, called]) => [key, token(called)])))
    expect(families).toEqual(families.map((_, place) => token(`f${place + 1}`)))
    expect(token(`f${families.length + 1}`)).toBeUndefined()
  })

  it('differ in their colours alone', () => {
    const graph = exampleGraph()
    const colours = (svg: string): Set<string> => new Set(svg.match(/#[0-9a-f]{6}/g))
    const [light, dark] = [renderSvg(graph), renderSvg(graph, { theme: 'dark' })]
    expect(dark.replaceAll(/#[0-9a-f]{6}/g, '')).toBe(light.replaceAll(/#[0-9a-f]{6}/g, ''))
    expect(colours(dark).intersection(colours(light)).size).toBe(0)
  })
})

describe('the forest as PNG', () => {
  const size = (png: Uint8Array): [number, number] => {
    const view = new DataView(png.buffer, png.byteOffset)
    return [view.getUint32(16), view.getUint32(20)]
  }

  it('has the size of the SVG times the scale', () => {
    const svg = renderSvg(exampleGraph())
    const [width = 0, height = 0] = size(renderPng(svg, 1))
    expect(svg).toContain(`width="${width}" height="${height}"`)
    expect(size(renderPng(svg, 2))).toEqual([2 * width, 2 * height])
  })

  it('stays within the memory it may take', () => {
    const [width, height] = size(renderPng(renderSvg(aGraph([])), 1000))
    expect(width * height).toBeLessThanOrEqual(2 ** 26 * 1.001)
  })

  it('refuses what is no SVG of ours', () => {
    expect(() => renderPng('<html/>', 1)).toThrow('no SVG')
  })
})

describe('the registry', () => {
  it('names each format and each extension once', () => {
    const names = EXPORTERS.map(({ name }) => name)
    const extensions = EXPORTERS.flatMap(({ extensions }) => extensions)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(extensions).size).toBe(extensions.length)
  })

  it.each(EXPORTERS)('$name is the same twice and mentions every related model', ({ render }) => {
    const graph = randomGraph(30, 2, 9)
    const text = render(graph)
    expect(render(graph)).toBe(text)
    for (const { child } of graph.relations) expect(text).toContain(child)
  })
})
