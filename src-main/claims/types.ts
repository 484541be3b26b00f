import type { Claim } from '../contract/folders.ts'
import type { FileProblem } from '../contract/problems.ts'

/** One model that a file names as an ancestor. */
export interface Statement {
  readonly source: Claim['source']
  /** Name of the file, within the folder of the model. */
  readonly file: string
  /** The ancestor, as it is written there. */
  readonly names: string
  /** What the card calls the relation ("finetune", "quantized"); null where it says nothing. */
  readonly relation: string | null
}

/** What the files beside the weights of one model say. */
export interface Metadata {
  readonly statements: readonly Statement[]
  /** As the card names it; null where it does not. */
  readonly licence: string | null
  readonly problems: readonly FileProblem[]
}

/** What one file says. */
export interface Said {
  readonly names: readonly string[]
  readonly relation: string | null
  readonly licence: string | null
}

export const SAYS_NOTHING: Said = { names: [], relation: null, licence: null }

/** Why a file cannot be understood. */
export type ClaimFaultCode =
  'CLAIM_TOO_LARGE' | 'CLAIM_NOT_UTF8' | 'CLAIM_NOT_JSON' | 'CLAIM_NOT_YAML' | 'CLAIM_TOO_DEEP'

/** Becomes a FileProblem once the path is known. */
export class ClaimFault extends Error {
  readonly code: ClaimFaultCode

  constructor(code: ClaimFaultCode, message: string) {
    super(message)
    this.code = code
  }
}
