import type { Graph, GraphModel, ModelKind, Relation, RelationType } from '../../../src-main/contract/graph.ts'
import { aModel, aRelation } from '../../support/graphs.ts'

/** Name, dtype, bytes, parent, type, relative change, support. */
type Line = readonly [string, string, number, string?, RelationType?, number?, number?]

const LLAMA: readonly Line[] = [
  ['llama-3.2-1b', 'BF16', 2.47e9],
  ['llama-3.2-1b-code-cpt', 'BF16', 2.47e9, 'llama-3.2-1b', 'continued', 0.034],
  ...Array.from({ length: 9 }, (_, at): Line => [
    `code-cpt/checkpoint-${(at + 1) * 500}`,
    'BF16',
    2.47e9,
    at === 0 ? 'llama-3.2-1b-code-cpt' : `code-cpt/checkpoint-${at * 500}`,
    'fine-tune',
    0.006,
  ]),
  ['llama-3.2-1b-code-fim', 'BF16', 2.47e9, 'llama-3.2-1b-code-cpt', 'fine-tune', 0.009],
  ['llama-3.2-1b-code-12l', 'BF16', 1.98e9, 'llama-3.2-1b-code-cpt', 'layers-dropped', 0.022],
  ['llama-3.2-1b-instruct', 'BF16', 2.47e9, 'llama-3.2-1b', 'fine-tune', 0.022],
  ['llama-3.2-1b-instruct-q4_k_m.gguf', 'Q4_K', 808e6, 'llama-3.2-1b-instruct', 'quantized', 0.03],
  ['llama-3.2-1b-instruct-q8_0.gguf', 'Q8_0', 1.32e9, 'llama-3.2-1b-instruct', 'quantized', 0.008],
  ['llama-3.2-1b-instruct-fp16', 'F16', 2.47e9, 'llama-3.2-1b-instruct', 'cast', 0.0002],
  ['llama-3.2-1b-instruct-med-lora', 'BF16', 45.1e6, 'llama-3.2-1b-instruct', 'adapter', 0.009],
  ['llama-3.2-1b-instruct-law', 'BF16', 2.47e9, 'llama-3.2-1b-instruct', 'lora', 0.013],
  ['law-summarise-ep3', 'BF16', 2.47e9, 'llama-3.2-1b-instruct-law', 'fine-tune', 0.01, 0.71],
  ['medlaw-merge', 'BF16', 2.47e9, 'llama-3.2-1b-instruct-med', 'merge', 0.02, 0.94],
  ['llama-3.2-1b-instruct-med', 'BF16', 2.47e9, 'llama-3.2-1b-instruct', 'fine-tune', 0.0184],
]
const SUPPORT_BOT: readonly Line[] = [
  ['support-bot-de', 'BF16', 988e6, 'ghost-1', 'fine-tune', 0.024, 0.86],
  ['support-bot-2024-03', 'BF16', 988e6, 'ghost-1', 'fine-tune', 0.016, 0.97],
  ['support-bot-2024-06', 'BF16', 988e6, 'support-bot-2024-03', 'fine-tune', 0.015],
  ['support-bot-2024-06-int8', 'I8', 531e6, 'support-bot-2024-06', 'quantized', 0.006],
  ['support-bot-fr', 'BF16', 988e6, 'ghost-1', 'fine-tune', 0.03, 0.62],
  ['support-bot-fr-sparse50', 'BF16', 988e6, 'support-bot-fr', 'pruned', 0.02],
]
const VIT: readonly Line[] = [
  ['vit-s16-in21k', 'F32', 88.2e6],
  ['vit-s16-pets', 'F32', 86.7e6, 'vit-s16-in21k', 'fine-tune', 0.012],
  ['vit-s16-cars', 'F32', 87e6, 'vit-s16-in21k', 'lora', 0.01, 0.92],
  ['vit-s16-cars-fp16', 'F16', 43.5e6, 'vit-s16-cars', 'cast', 0.0002],
  ['cars-head-swap', 'F32', 87.4e6, 'vit-s16-cars', 'resized', 0.009, 0.44],
]
const WHISPER: readonly Line[] = [
  ['whisper-tiny-nl', 'F32', 151e6],
  ['whisper-tiny-nl-v2', 'F32', 151e6, 'whisper-tiny-nl', 'fine-tune', 0.01, 0.88],
]
const UNRELATED: readonly Line[] = [
  ['bert-mini-scratch', 'F32', 44.7e6],
  ['resnet18-cifar10', 'F32', 44.8e6],
  ['gpt2-small-nl', 'F32', 498e6],
  ['vae-kl-f8', 'F32', 335e6],
  ['t5-tiny-grammar', 'F32', 62.3e6],
]
const FAMILIES = [LLAMA, SUPPORT_BOT, VIT, WHISPER] as const

/** A folder as a small laboratory has it: 38 models in four families, every way of making a child, one ghost. */
export function checkpoints(): Graph {
  const models = FAMILIES.flatMap((lines, at) => lines.map((line) => modelOf(line, `family-${at + 1}`)))
  const ghost = aModel('ghost-1', { kind: 'ghost', family: 'family-2', root: true, dtype: '', bytes: 0, parameters: 0 })
  const relations = FAMILIES.flatMap((lines) => lines.flatMap(relationOf))
  const merged: Relation = aRelation('llama-3.2-1b-instruct-law', 'medlaw-merge', {
    type: 'merge',
    weight: 0.4,
    support: 0.94,
    relativeChange: 0.012,
  })
  return {
    schema: 'heirloom/graph@1',
    models: [...models, ghost, ...UNRELATED.map((line) => modelOf(line, null))].sort((a, b) =>
      a.path < b.path ? -1 : 1,
    ),
    relations: [...relations, merged].sort((a, b) => (a.child < b.child ? -1 : 1)),
    verdicts: [],
    problems: [
      {
        path: 'old/llama-3.2-1b-dpo/model.safetensors',
        code: 'SAFETENSORS_DATA_INCOMPLETE',
        message: 'The file ends early: 1.20 of 2.47 GB are there.',
        offset: 1_203_765_248,
      },
      {
        path: 'incoming/vit-l14-336/open_clip.safetensors',
        code: 'SAFETENSORS_OFFSETS_NOT_CONTIGUOUS',
        message: 'visual.proj would start past the end of the file.',
        offset: 8412,
      },
    ],
  }
}

function modelOf([id, dtype, bytes, , type]: Line, family: string | null): GraphModel {
  const kind: ModelKind = type === 'adapter' ? 'adapter' : 'model'
  const root = id === 'llama-3.2-1b' || id === 'vit-s16-in21k'
  return aModel(id, { family, root, kind, dtype, bytes, parameters: Math.round(bytes / 2) })
}

function relationOf([child, , , parent, type = 'fine-tune', relativeChange = 0.01, support = 1]: Line): Relation[] {
  if (parent === undefined) return []
  const directed = child !== 'whisper-tiny-nl-v2'
  const weight = type === 'merge' ? 0.6 : null
  return [
    aRelation(parent, child, {
      type,
      relativeChange,
      support,
      directed,
      weight,
      directionSupport: directed ? 0.97 : 0.55,
    }),
  ]
}
