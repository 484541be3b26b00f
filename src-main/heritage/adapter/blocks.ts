import { matrixShape } from '../../fingerprint/sketch.ts'
import type { Architecture } from '../align/align.ts'
import { isFloatTensor } from '../tensors.ts'
import type { HeritageModel } from '../types.ts'
import type { OutputSide, Partner } from './alignment.ts'
import type { PlacedUpdate } from './fit.ts'
import { attentionRole, type AttentionRole } from './names.ts'

/** An adapted projection of an attention and the slot of its partner, through which its gradients pass. */
export interface AttentionBlock {
  readonly role: Exclude<AttentionRole, 'output'>
  /** Position of the update in the list that was given. */
  readonly update: number
  readonly partner: number
  /** Position of the update of the attention's output projection, if it was adapted too. */
  readonly output: number | null
}

/** An adapted projection with what its update does at the output. */
export interface MeasuredBlock extends AttentionBlock {
  readonly side: OutputSide
  /** The same of the output projection: its gradients. */
  readonly gradients: OutputSide | null
}

/** y = W_o v, so dL/dv lies along W_oᵀ; a score is q · k, so dL/dq is made of keys, W_k x, and dL/dk of queries, W_q x. */
const PARTNERS: Record<AttentionBlock['role'], AttentionRole> = { query: 'key', key: 'query', value: 'output' }

/** The adapted query, key and value projections whose partner the architecture has, role by role. */
export function attentionBlocks(placed: readonly PlacedUpdate[], { slots }: Architecture): AttentionBlock[] {
  const found = new Map<string, number>()
  slots.forEach((name, slot) => {
    const known = name.endsWith('.weight') && attentionRole(name.slice(0, -'.weight'.length))
    if (known) found.set(`${known.role} ${known.attention}`, slot)
  })
  const outputs = new Map(placed.map(({ slot }, update) => [slot, update]))
  return placed
    .flatMap(({ slot }, update): AttentionBlock[] => {
      const known = attentionRole(slots[slot]!.slice(0, -'.weight'.length))
      if (!known || known.role === 'output') return []
      const partner = found.get(`${PARTNERS[known.role]} ${known.attention}`)
      const output = outputs.get(found.get(`output ${known.attention}`) ?? -1) ?? null
      return partner === undefined ? [] : [{ role: known.role, update, partner, output }]
    })
    .sort((a, b) => (a.role === b.role ? a.update - b.update : a.role < b.role ? -1 : 1))
}

/** The partner projection of a block in a member, or null where its sides do not fit the update (grouped keys, an odd store). */
export function partnerOf(
  { role, partner }: AttentionBlock,
  rows: number,
  { tensors }: Architecture,
  member: number,
  model: HeritageModel,
): Partner | null {
  const tensor = tensors[partner]![member]
  if (!tensor || !isFloatTensor(tensor)) return null
  const transposed = role === 'value'
  const shape = matrixShape(tensor.shape)
  return (transposed ? shape.columns : shape.rows) === rows ? { model, tensor, transposed } : null
}
