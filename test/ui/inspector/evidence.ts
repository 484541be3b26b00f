import type { Claim, FolderView, ModelClaims } from '../../../src-main/contract/folders.ts'
import type { PairEvidence, TensorRow } from '../../../src-main/contract/evidence.ts'

/** A matrix that changed a little; tests override what they are about. */
export function aRow(role: string, layer: number | null, values: Partial<TensorRow> = {}): TensorRow {
  return {
    tensor: layer === null ? `${role}.weight` : `layers.${layer}.${role}.weight`,
    role,
    layer,
    shape: [48, 32],
    equal: false,
    relativeChange: 0.02,
    cosine: 0.9998,
    rank: 2,
    largestRank: 32,
    equalFraction: 0.1,
    kurtosisA: 1,
    kurtosisB: 0.75,
    kurtosisOfChange: 0.1,
    ...values,
  }
}

/** `rows` set in a table of roles and layers, in their order; the rest stands outside. */
export function aPair(rows: readonly TensorRow[], values: Partial<PairEvidence> = {}): PairEvidence {
  const layers = [...new Set(rows.flatMap(({ layer }) => layer ?? []))].toSorted((a, b) => a - b)
  const inside = rows.filter(({ layer }) => layer !== null)
  const roles = [...new Set(inside.map(({ role }) => role))].map((role) => ({
    role,
    group: role.includes('norm') ? 'norms' : 'attention',
    cells: layers.map((layer) => {
      const position = rows.findIndex((row) => row.role === role && row.layer === layer)
      return position < 0 ? null : position
    }),
  }))
  return {
    a: 'oak',
    b: 'elm',
    related: true,
    relation: null,
    sentence: 'elm is consistent with a LoRA of oak.',
    detail: '',
    measures: [],
    direction: [],
    alternatives: [],
    tensors: rows,
    heatmap: { layers, roles, outside: rows.flatMap(({ layer }, position) => (layer === null ? position : [])) },
    unmatched: [],
    ...values,
  }
}

export function aClaim(names: string, parent: string | null, values: Partial<Claim> = {}): Claim {
  const verdict = parent === null ? 'silent' : 'agrees'
  return { source: 'model-card', file: 'README.md', names, parent, verdict, sentence: '', ...values }
}

export function saying(claims: readonly Claim[], values: Partial<ModelClaims> = {}): ModelClaims {
  return { verdict: claims[0]?.verdict ?? 'silent', claims, licence: null, ...values }
}

/** The same view with claims. */
export function withClaims(view: FolderView, claims: FolderView['claims']): FolderView {
  return { ...view, claims }
}
