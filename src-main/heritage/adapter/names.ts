import { unwrappedNames } from '../align/names.ts'

/** Which of the two factors of the update of which module a tensor of an adapter holds. */
export interface FactorName {
  /** "vit.encoder.layer.0.attention.attention.query", as the adapted network calls it. */
  readonly module: string
  readonly factor: 'A' | 'B'
}

/** Names as PEFT writes them; null for every other tensor. */
export function factorName(name: string): FactorName | null {
  const match = /^(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.default)?\.weight$/.exec(name)
  return match && { module: match[1]!, factor: match[2] as 'A' | 'B' }
}

/**
 * Finds the slot of an architecture that a module's matrix has, by name, with up to two wrapping parts more or less; undefined
 * where none fits.
 */
export function moduleSlots(slots: readonly string[]): (module: string) => number | undefined {
  const full = new Set(slots)
  const byName = new Map<string, number | null>()
  slots.forEach((slot, index) => {
    if (!slot.endsWith('.weight')) return
    unwrappedNames(slot.slice(0, -'.weight'.length)).forEach((name, dropped) => {
      // The full name wins over any suffix; a suffix that two slots share says nothing.
      if (dropped === 0) byName.set(name, index)
      else if (!full.has(`${name}.weight`)) byName.set(name, byName.has(name) ? null : index)
    })
  })
  return (module) =>
    unwrappedNames(module)
      .map((name) => byName.get(name))
      .find((slot) => slot != null) ?? undefined
}

export type AttentionRole = 'query' | 'key' | 'value' | 'output'

/** The words by which networks call the four projections of attention. All that is known of roles is in this table. */
const ROLES: readonly (readonly [AttentionRole, RegExp])[] = [
  ['query', /(?:^|\.)(?:query|query_proj|q_proj|q_lin|to_q|q)$/],
  ['key', /(?:^|\.)(?:key|key_proj|k_proj|k_lin|to_k|k)$/],
  ['value', /(?:^|\.)(?:value|value_proj|v_proj|v_lin|to_v|v)$/],
  ['output', /(?:^|\.)(?:o_proj|out_proj|out_lin|to_out\.0|o)$/],
  ['output', /(?:^|\.)(?:attention|attn)\.(?:output\.)?dense$/],
]

/**
 * The part that a matrix plays in attention and the attention it belongs to ("vit.encoder.layer.0"), which its three
 * companions have in common with it; null where the name says nothing of it.
 */
export function attentionRole(module: string): { role: AttentionRole; attention: string } | null {
  for (const [role, words] of ROLES) {
    const match = words.exec(module)
    // Networks wrap the projections, or some of them, once more: "attention.self.query" beside "attention.output.dense".
    if (match)
      return { role, attention: module.slice(0, match.index).replace(/(?:(?:^|\.)(?:attention|attn|self))+$/, '') }
  }
  return null
}
