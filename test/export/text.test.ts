import { describe, expect, it } from 'vitest'
import { cells } from '../../src-main/export/terminal.ts'
import { renderText } from '../../src-main/export/text.ts'
import { aGraph, aModel, aRelation, exampleGraph, randomGraph } from '../support/graphs.ts'

describe('the tree for a terminal', () => {
  it('sets the example in aligned columns', () => {
    expect(renderText(exampleGraph())).toMatchInlineSnapshot(`
      "17 models, 2 families, 1 unrelated, 2 problems

      family-1, 14 models                    relation        support     direction  dtype     size
      vit-base                                                                      F32     343 MB
      ├─ vit-base-backup                     ~ copy            100 %  same numbers  F32     343 MB
      ├─ vit-birds                           fine-tune         100 %                F32     343 MB
      │  ├─ vit-birds-de                     fine-tune          86 %          81 %  F32     343 MB
      │  ├─ vit-birds-fp16                   cast              100 %                F16     172 MB
      │  ├─ vit-birds-lora-8                 LoRA, rank 8      100 %                F32     343 MB
      │  └─ vit-birds-lora-16                LoRA, rank 16     100 %                F32     343 MB
      ├─ vit-cars                            fine-tune          99 %          93 %  F32     343 MB
      │  ├─ vit-cars-night                   fine-tune          71 %          90 %  F32     343 MB
      │  │  └─ vit-cars-night-bf16           cast              100 %                BF16    172 MB
      │  └─ vit-cars-rain                    fine-tune          44 %          62 %  F32     343 MB
      └─ vit-food                            fine-tune         100 %                F32     343 MB
         ├─ vit-food-2                       fine-tune         100 %                F32     343 MB
         └─ vit-food-renamed                 ~ renamed copy    100 %  same numbers  F32     343 MB

      family-2, 2 models, direction unknown  relation        support     direction  dtype     size
      whisper-nl/epoch-1                                                            F32     151 MB
      └─ whisper-nl/epoch-2                  ~ fine-tune        88 %       unknown  F32     151 MB

      No relative found
      resnet18-scratch                                                              F32    44.8 MB

      Support: how sure a link is against all others that could take its place; direction: shown where below 95 %.
      ~  not directed: which of the two came first is not in the weights.

      Problems
      broken/model.safetensors  HEADER_TOO_LARGE
        The header claims 9,007,199,254,740,993 bytes; at most 100,000,000 are allowed. (at byte 0)
      half-copied.safetensors  FILE_CHANGED
        The file changed while it was read.
      "
    `)
  })

  it('says so where there is nothing', () => {
    expect(renderText(aGraph([]))).toBe('0 models, 0 families, 0 unrelated, 0 problems\n')
  })

  it.each([40, 60, 80, 100])('keeps within %i columns while the tree leaves room for names', (columns) => {
    const lines = renderText(exampleGraph(), { columns }).split('\n')
    expect(lines.filter((line) => cells(line) > columns)).toEqual([])
  })

  it('cuts long names in the middle and keeps their tail', () => {
    const name = `first/${'long-'.repeat(30)}/${'name-'.repeat(30)}-q8_0`
    const text = renderText(aGraph([aModel(name)]), { columns: 60 })
    expect(text).toMatch(/^first.*….*-q8_0 +F32/m)
  })

  it('counts wide characters as two cells', () => {
    const text = renderText(aGraph([aModel('模型'), aModel('abcd')]))
    const [first, second] = text.split('\n').filter((line) => line.includes('F32'))
    expect(cells(first?.split('F32')[0] ?? '')).toBe(cells(second?.split('F32')[0] ?? ''))
  })

  it('colours only when asked, and says the same words', () => {
    const plain = renderText(exampleGraph())
    const coloured = renderText(exampleGraph(), { colour: true })
    expect(plain).not.toContain('\u001b')
    expect(coloured).toContain('\u001b[1m')
    expect(coloured.replace(/\u001b\[\d*m/g, '')).toBe(plain)
  })

  it('lets no name or message move the cursor or turn the line', () => {
    const text = renderText({
      ...aGraph([aModel('\u001b[2J\u0000\u202egnp.\nx')]),
      problems: [{ path: '\u009b31m', code: 'FILE_CHANGED', message: 'a\rb' }],
    })
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(text).toContain('␛[2J␀\ufffdgnp.␊x')
  })

  it('lists the further parents of a merge under the model', () => {
    const family = { family: 'family-1' }
    const text = renderText(
      aGraph(
        [
          aModel('base', { ...family, root: true }),
          aModel('law', family),
          aModel('med', family),
          aModel('both', family),
        ],
        [
          aRelation('base', 'law'),
          aRelation('base', 'med'),
          aRelation('law', 'both', { weight: 0.4 }),
          aRelation('med', 'both', { weight: 0.6 }),
        ],
      ),
    )
    const rows = text.split('\n').map((line) => line.replace(/ {2,}/g, '  '))
    expect(rows).toContain('└─ med  fine-tune  100 %  F32  343 MB')
    expect(rows.find((row) => row.includes('└─ both'))).toContain('fine-tune, 60 % of it')
    expect(rows.find((row) => row.includes('+ law'))).toContain('fine-tune, 40 % of it')
  })

  it('names an unknown type by its own word', () => {
    const models = [aModel('a', { family: 'family-1', root: true }), aModel('b', { family: 'family-1' })]
    expect(renderText(aGraph(models, [aRelation('a', 'b', { type: 'grown' as 'copy' })]))).toMatch(/└─ b +grown/)
  })

  it('prints every model once', () => {
    const graph = randomGraph(120, 9, 5)
    const text = renderText(graph)
    for (const { id } of graph.models) expect(text.match(new RegExp(`(?<=[ \\n])${id}(?= )`, 'g'))).toHaveLength(1)
  })
})
