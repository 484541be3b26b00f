import { describe, expect, it } from 'vitest'
import { between, descendants, moveFrom, typeAhead } from '../../../src-renderer/ui/forest/navigation.ts'
import { exampleGraph } from '../../support/graphs.ts'
import { layout } from './forests.ts'

const sheet = layout(exampleGraph())
const rows = sheet.nodes.map(({ model }) => model.id)

describe('keys in the forest', () => {
  it('go from row to row, as they are seen, and stop at both ends', () => {
    const walked = [rows[0]!]
    for (let step = 0; step < rows.length + 3; step++) walked.push(moveFrom(sheet, walked.at(-1)!, 'down'))
    expect(walked.slice(0, rows.length)).toEqual(rows)
    expect(walked.at(-1)).toBe(rows.at(-1))
    expect(moveFrom(sheet, rows[0]!, 'up')).toBe(rows[0])
    expect([moveFrom(sheet, rows[4]!, 'first'), moveFrom(sheet, rows[4]!, 'last')]).toEqual([rows[0], rows.at(-1)])
  })

  it('go to the parent and to the first child', () => {
    expect(moveFrom(sheet, 'vit-birds-de', 'parent')).toBe('vit-birds')
    expect(moveFrom(sheet, 'vit-base', 'parent')).toBe('vit-base')
    const child = moveFrom(sheet, 'vit-birds', 'child')
    expect(sheet.byId.get(child)?.parent).toBe('vit-birds')
    expect(moveFrom(sheet, 'vit-birds-de', 'child')).toBe('vit-birds-de')
  })

  it('find names by their first letters, also of the last part of a path, and go round', () => {
    expect(typeAhead(sheet, 'vit-base', 'res')).toBe('resnet18-scratch')
    expect(typeAhead(sheet, 'resnet18-scratch', 'VIT-BASE')).toMatch(/^vit-base/)
    expect(typeAhead(sheet, 'vit-base', 'epoch-2')).toBe('whisper-nl/epoch-2')
    expect(typeAhead(sheet, 'vit-base', 'zzz')).toBe('vit-base')
  })

  it('go on to the next name with the same first letter', () => {
    const first = typeAhead(sheet, 'vit-base', 'v')
    expect(first).not.toBe('vit-base')
    expect(typeAhead(sheet, first, 'v')).not.toBe(first)
  })
})

describe('selecting several', () => {
  it('takes the rows between two, in both directions', () => {
    expect(between(sheet, rows[2]!, rows[5]!)).toEqual(rows.slice(2, 6))
    expect(between(sheet, rows[5]!, rows[2]!)).toEqual(rows.slice(2, 6).toReversed())
    expect(between(sheet, 'gone', rows[2]!)).toEqual([rows[2]])
  })

  it('takes a model and all that descends from it, also what is folded away', () => {
    const ids = ['vit-birds', 'vit-birds-de', 'vit-birds-fp16', 'vit-birds-lora-16', 'vit-birds-lora-8']
    expect([...descendants(sheet, 'vit-birds')].sort()).toEqual(ids)
    const folded = layout(exampleGraph(), { collapsed: new Set(['vit-birds']) })
    expect([...descendants(folded, 'vit-birds')].sort()).toEqual(ids)
  })
})
