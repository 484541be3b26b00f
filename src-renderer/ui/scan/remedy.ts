import type { Problem } from '../../../src-main/contract/graph.ts'
import { PROBLEM_KINDS } from '../../../src-main/contract/problems.ts'

/** What a person can do about a bad file; empty for a code that this version does not know. */
export function remedyOf({ code }: Problem): string {
  const kinds: Readonly<Record<string, { readonly remedy: string }>> = PROBLEM_KINDS
  return Object.hasOwn(kinds, code) ? kinds[code]!.remedy : ''
}
