import { PROBLEM_KINDS, type ProblemCode } from './problems.ts'

/** Why a request failed, beside the problems of files and of the library (problems.ts). Each with its remedy. */
export const REQUEST_ERRORS = {
  'request-invalid': 'This is a mistake in the program: please report it.',
  'request-unknown': 'The window and the engine are of different versions: close both and start again.',
  'not-here': 'Use the desktop application for this.',
  'folder-unknown': 'Open the folder again.',
  'folder-missing': 'Connect the drive or the share again, then scan the folder.',
  'model-unknown': 'Scan the folder again.',
  'tensor-unknown': 'Choose another tensor.',
  'models-not-comparable': 'Choose two models of one architecture.',
  'format-unknown': 'Choose one of the formats in the list.',
  'device-unavailable': 'Choose another engine.',
  cancelled: 'Ask again.',
  'too-many-requests': 'Wait for what was asked before.',
  'connection-lost': 'Start Heirloom again, then reload the page.',
  internal: 'This is a mistake in the program: please report it with this message.',
} as const satisfies Record<string, string>

export type RequestErrorCode = keyof typeof REQUEST_ERRORS
export type EngineErrorCode = RequestErrorCode | ProblemCode

/** What a failed request says, in words for the user. */
export interface EngineFailure {
  /** Stable. */
  readonly code: EngineErrorCode
  /** One plain sentence. */
  readonly message: string
  /** What a person can do about it, one sentence. */
  readonly remedy: string
}

/** An expected failure of a request; every transport hands it on as an EngineFailure. */
export class EngineError extends Error implements EngineFailure {
  readonly code: EngineErrorCode
  readonly remedy: string

  constructor(code: EngineErrorCode, message: string) {
    super(message)
    this.name = 'EngineError'
    this.code = code
    this.remedy = isRequestError(code) ? REQUEST_ERRORS[code] : PROBLEM_KINDS[code].remedy
  }

  /** The part that crosses from one process to another. */
  toFailure(): EngineFailure {
    const { code, message, remedy } = this
    return { code, message, remedy }
  }
}

/** Whether a text is a code that this version knows. */
export function isErrorCode(code: string): code is EngineErrorCode {
  return isRequestError(code) || Object.hasOwn(PROBLEM_KINDS, code)
}

function isRequestError(code: string): code is RequestErrorCode {
  return Object.hasOwn(REQUEST_ERRORS, code)
}
