import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderDot } from '../../src-main/export/dot.ts'
import { aGraph, aModel, aRelation, exampleGraph } from '../support/graphs.ts'

describe('DOT', () => {
  it('writes the example', () => {
    expect(renderDot(exampleGraph())).toMatchInlineSnapshot(`
      "digraph heirloom {
        rankdir=LR
        node [shape=box, style=rounded, fontname="Helvetica", fontsize=11]
        edge [fontname="Helvetica", fontsize=10]
        subgraph "cluster_family-1" {
          label="family-1"
          "vit-base" [label="vit-base\\nF32, 343 MB"]
          "vit-base-backup" [label="vit-base-backup\\nF32, 343 MB"]
          "vit-birds" [label="vit-birds\\nF32, 343 MB"]
          "vit-birds-de" [label="vit-birds-de\\nF32, 343 MB"]
          "vit-birds-fp16" [label="vit-birds-fp16\\nF16, 172 MB"]
          "vit-birds-lora-8" [label="vit-birds-lora-8\\nF32, 343 MB"]
          "vit-birds-lora-16" [label="vit-birds-lora-16\\nF32, 343 MB"]
          "vit-cars" [label="vit-cars\\nF32, 343 MB"]
          "vit-cars-night" [label="vit-cars-night\\nF32, 343 MB"]
          "vit-cars-night-bf16" [label="vit-cars-night-bf16\\nBF16, 172 MB"]
          "vit-cars-rain" [label="vit-cars-rain\\nF32, 343 MB"]
          "vit-food" [label="vit-food\\nF32, 343 MB"]
          "vit-food-2" [label="vit-food-2\\nF32, 343 MB"]
          "vit-food-renamed" [label="vit-food-renamed\\nF32, 343 MB"]
        }
        subgraph "cluster_family-2" {
          label="family-2"
          "whisper-nl/epoch-1" [label="whisper-nl/epoch-1\\nF32, 151 MB"]
          "whisper-nl/epoch-2" [label="whisper-nl/epoch-2\\nF32, 151 MB"]
        }
        "resnet18-scratch" [label="resnet18-scratch\\nF32, 44.8 MB"]
        "vit-base" -> "vit-base-backup" [label="copy 100 %", tooltip="Every tensor has the same content.", dir=none]
        "vit-base" -> "vit-birds" [label="fine-tune 100 %", tooltip="Consistent with vit-birds being fine-tuned from vit-base: 400 of 400 replicates."]
        "vit-birds" -> "vit-birds-de" [label="fine-tune 86 %", tooltip="Consistent with vit-birds-de being fine-tuned from vit-birds: 400 of 400 replicates.", style=dashed]
        "vit-birds" -> "vit-birds-fp16" [label="cast 100 %", tooltip="Consistent with vit-birds-fp16 being fine-tuned from vit-birds: 400 of 400 replicates."]
        "vit-birds" -> "vit-birds-lora-16" [label="LoRA 100 %", tooltip="Consistent with vit-birds-lora-16 being fine-tuned from vit-birds: 400 of 400 replicates."]
        "vit-birds" -> "vit-birds-lora-8" [label="LoRA 100 %", tooltip="Consistent with vit-birds-lora-8 being fine-tuned from vit-birds: 400 of 400 replicates."]
        "vit-base" -> "vit-cars" [label="fine-tune 99 %", tooltip="Consistent with vit-cars being fine-tuned from vit-base: 400 of 400 replicates."]
        "vit-cars" -> "vit-cars-night" [label="fine-tune 71 %", tooltip="Consistent with vit-cars-night being fine-tuned from vit-cars: 400 of 400 replicates.", style=dashed]
        "vit-cars-night" -> "vit-cars-night-bf16" [label="cast 100 %", tooltip="Consistent with vit-cars-night-bf16 being fine-tuned from vit-cars-night: 400 of 400 replicates."]
        "vit-cars" -> "vit-cars-rain" [label="fine-tune 44 %", tooltip="Consistent with vit-cars-rain being fine-tuned from vit-cars: 400 of 400 replicates.", style=dashed]
        "vit-base" -> "vit-food" [label="fine-tune 100 %", tooltip="Consistent with vit-food being fine-tuned from vit-base: 400 of 400 replicates."]
        "vit-food" -> "vit-food-2" [label="fine-tune 100 %", tooltip="Consistent with vit-food-2 being fine-tuned from vit-food: 400 of 400 replicates."]
        "vit-food" -> "vit-food-renamed" [label="renamed copy 100 %", tooltip="The same content under other names.", dir=none]
        "whisper-nl/epoch-1" -> "whisper-nl/epoch-2" [label="fine-tune 88 %", tooltip="Consistent with whisper-nl/epoch-2 being fine-tuned from whisper-nl/epoch-1: 400 of 400 replicates.", dir=none, style=dashed]
      }
      "
    `)
  })

  it('keeps any name inside its quotes', () => {
    const line = /^ {2}"(?:[^"\\\n]|\\.)*" (?:-> "(?:[^"\\\n]|\\.)*" )?\[(?:\w+=(?:\w+|"(?:[^"\\\n]|\\.)*")(?:, )?)+\]$/
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const text = renderDot(aGraph([aModel(name)], [aRelation(name, name, { reason: name, directed: false })]))
        const [node, edge, ...rest] = text.split('\n').slice(4)
        expect(node).toMatch(line)
        expect(edge).toMatch(line)
        expect(rest).toEqual(['}', ''])
      }),
    )
  })

  it('shows backslashes, quotes and entities as they are', () => {
    expect(renderDot(aGraph([aModel('a\\N"&lt;\\')]))).toContain(
      '"a\\\\N\\"&lt;\\\\" [label="a\\\\N\\"&amp;lt;\\\\\\nF32',
    )
  })

  it('draws a ghost dashed and an adapter as a diamond', () => {
    const text = renderDot(aGraph([aModel('ghost-1', { kind: 'ghost' }), aModel('lora', { kind: 'adapter' })]))
    expect(text).toMatch(/missing ancestor \(ghost-1\)", style="rounded,dashed"\]/)
    expect(text).toMatch(/"lora" \[.*shape=diamond\]/)
  })
})
