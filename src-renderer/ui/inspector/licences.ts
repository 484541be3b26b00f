import type { FolderView } from '../../../src-main/contract/folders.ts'

/** What a licence says about selling with a model. `terms`: under conditions of its own. */
export type CommercialUse = 'allowed' | 'terms' | 'forbidden' | 'unknown'

/** A model and what its own card says, then each ancestor along the recovered tree, nearest first. */
export interface LicenceRow {
  readonly model: string
  readonly licence: string | null
  readonly use: CommercialUse
}

// Names as model cards write them.
const FORBIDDEN = /(^|[-_ ])nc([-_ ]|$)|non-?commercial|research/
const TERMS =
  /^(llama|gemma|bigscience|creativeml|bigcode|deepseek|qwen|tongyi|falcon|apple|other$)|rail|gpl|-sa|^(mpl|epl|eupl)/
const ALLOWED = /^(mit|isc|zlib|unlicense|wtfpl|apache|bsd|cc0|cc-by(-\d|$)|ofl|pddl|odc-by|afl|artistic|bsl|ms-pl)/

/** What is known of a licence by its short name; a name that is not known is `unknown`, never `allowed`. */
export function commercialUse(licence: string | null): CommercialUse {
  const name = licence?.trim().toLowerCase() ?? ''
  if (name === '') return 'unknown'
  if (FORBIDDEN.test(name)) return 'forbidden'
  if (TERMS.test(name)) return 'terms'
  return ALLOWED.test(name) ? 'allowed' : 'unknown'
}

/**
 * The licences of a model and of its ancestors along directed relations, nearest first. Ancestors whose card says nothing
 * are left out; the model itself never is. Empty where no card says anything.
 */
export function licencesAlong(view: FolderView, model: string): LicenceRow[] {
  const parents = Map.groupBy(
    view.graph.relations.filter(({ directed }) => directed),
    ({ child }) => child,
  )
  const seen = new Set([model])
  for (const id of seen) for (const { parent } of parents.get(id) ?? []) seen.add(parent)
  const rows = [...seen].map((id): LicenceRow => {
    const licence = view.claims[id]?.licence ?? null
    return { model: id, licence, use: commercialUse(licence) }
  })
  if (rows.every(({ licence }) => licence === null)) return []
  return rows.filter(({ model: id, licence }) => id === model || licence !== null)
}

/** Whether an ancestor forbids what the model's own card does not. */
export function inheritsStricter([own, ...ancestors]: readonly LicenceRow[]): boolean {
  return own !== undefined && own.use !== 'forbidden' && ancestors.some(({ use }) => use === 'forbidden')
}
