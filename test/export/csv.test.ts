import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderCsv } from '../../src-main/export/csv.ts'
import { aGraph, aModel, aRelation, exampleGraph } from '../support/graphs.ts'

/** RFC 4180, strictly. */
function read(text: string): string[][] {
  const rows: string[][] = [[]]
  let rest = text
  while (rest !== '') {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest)
    if (!match) throw new Error(`not a field: ${rest.slice(0, 20)}`)
    const [whole, quoted, bare = '', end] = match
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare)
    rest = rest.slice(whole.length)
    if (end === '\r\n' && rest !== '') rows.push([])
  }
  return rows
}

describe('CSV', () => {
  it('writes the example', () => {
    expect(renderCsv(exampleGraph()).replaceAll('\r\n', '\n')).toMatchInlineSnapshot(`
      "parent,child,type,directed,support,direction_support,weight,rank,relative_change,cosine,reason
      vit-base,vit-base-backup,copy,false,1,,,,0,1,Every tensor has the same content.
      vit-base,vit-birds,fine-tune,true,1,1,,,0.0312,0.9998,Consistent with vit-birds being fine-tuned from vit-base: 400 of 400 replicates.
      vit-birds,vit-birds-de,fine-tune,true,0.8625,0.8125,,,0.0121,0.9998,Consistent with vit-birds-de being fine-tuned from vit-birds: 400 of 400 replicates.
      vit-birds,vit-birds-fp16,cast,true,1,1,,,0.0002,0.9998,Consistent with vit-birds-fp16 being fine-tuned from vit-birds: 400 of 400 replicates.
      vit-birds,vit-birds-lora-16,lora,true,1,1,,16,0.0284,0.9998,Consistent with vit-birds-lora-16 being fine-tuned from vit-birds: 400 of 400 replicates.
      vit-birds,vit-birds-lora-8,lora,true,1,1,,8,0.0193,0.9998,Consistent with vit-birds-lora-8 being fine-tuned from vit-birds: 400 of 400 replicates.
      vit-base,vit-cars,fine-tune,true,0.9975,0.93,,,0.0245,0.9998,Consistent with vit-cars being fine-tuned from vit-base: 400 of 400 replicates.
      vit-cars,vit-cars-night,fine-tune,true,0.715,0.9,,,0.0151,0.9998,Consistent with vit-cars-night being fine-tuned from vit-cars: 400 of 400 replicates.
      vit-cars-night,vit-cars-night-bf16,cast,true,1,1,,,0.0016,0.9998,Consistent with vit-cars-night-bf16 being fine-tuned from vit-cars-night: 400 of 400 replicates.
      vit-cars,vit-cars-rain,fine-tune,true,0.4425,0.62,,,0.0178,0.9998,Consistent with vit-cars-rain being fine-tuned from vit-cars: 400 of 400 replicates.
      vit-base,vit-food,fine-tune,true,1,0.97,,,0.0538,0.9998,Consistent with vit-food being fine-tuned from vit-base: 400 of 400 replicates.
      vit-food,vit-food-2,fine-tune,true,1,1,,,0.0092,0.9998,Consistent with vit-food-2 being fine-tuned from vit-food: 400 of 400 replicates.
      vit-food,vit-food-renamed,renamed,false,1,,,,0,1,The same content under other names.
      whisper-nl/epoch-1,whisper-nl/epoch-2,fine-tune,false,0.88,0.54,,,0.0074,0.9998,Consistent with whisper-nl/epoch-2 being fine-tuned from whisper-nl/epoch-1: 400 of 400 replicates.
      "
    `)
  })

  it('holds any name; one leading apostrophe is the guard', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (parent, reason) => {
        const [, row = []] = read(renderCsv(aGraph([], [aRelation(parent, 'child', { reason })])))
        const unguarded = row.map((field) => field.replace(/^'/, ''))
        expect([unguarded[0], unguarded[1], unguarded.at(-1)]).toEqual([parent.toWellFormed(), 'child', reason])
      }),
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "'=1"])('lets no spreadsheet run %j', (name) => {
    const [, row = []] = read(renderCsv(aGraph([aModel(name)], [aRelation(name, 'child')])))
    expect(row[0]).toBe(`'${name}`)
  })

  it('leaves numbers alone, also negative ones', () => {
    const [header = [], row = []] = read(renderCsv(aGraph([], [aRelation('a', 'b', { cosine: -0.01 })])))
    expect(row[header.indexOf('cosine')]).toBe('-0.01')
  })
})
