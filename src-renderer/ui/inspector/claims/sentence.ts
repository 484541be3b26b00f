import type { Claim, ClaimVerdict, ModelClaims } from '../../../../src-main/contract/folders.ts'
import { visible } from '../../../../src-main/contract/characters.ts'
import { words } from '../words.ts'

/**
 * What the files of a model say and what its weights say to that, as sentences; `names` are the models in them.
 *
 * @param recovered names of the recovered parents, several of a merge
 */
export function verdictSentence(
  claims: ModelClaims | undefined,
  recovered: readonly string[],
  nameOf: (id: string) => string,
): { readonly text: string; readonly names: readonly string[] } {
  const list = claims?.claims ?? []
  const shown = mostTelling(list, claims?.verdict ?? 'silent')
  const parts = shown.map((claim) => words.claims.names(claim.source, nameIn(claim, nameOf)))
  const said = parts.length > 0 ? parts.join(' ') : words.claims.saysNothing
  const weights = weightsSay(
    claims?.verdict,
    shown.map((claim) => nameIn(claim, nameOf)),
    recovered,
  )
  return { text: `${said} ${weights}`, names: [...shown.map((claim) => nameIn(claim, nameOf)), ...recovered] }
}

/** Only the claims of the verdict, and each name once. */
function mostTelling(claims: readonly Claim[], verdict: ClaimVerdict): Claim[] {
  const telling = claims.filter((claim) => claim.verdict === verdict)
  return telling.filter((claim, place) => telling.findIndex(({ names }) => names === claim.names) === place)
}

function nameIn({ parent, names }: Claim, nameOf: (id: string) => string): string {
  return parent === null ? visible(names) : nameOf(parent)
}

function weightsSay(verdict: ClaimVerdict | undefined, named: readonly string[], recovered: readonly string[]): string {
  if (recovered.length === 0) return words.claims.noRelative
  const parents = new Intl.ListFormat('en').format(recovered)
  if (verdict !== 'agrees') return words.claims.consistent(parents)
  // A claim may name an ancestor farther away.
  return named.some((name) => recovered.includes(name)) ? words.claims.agreed : words.claims.agreedThrough(parents)
}
