/**
 * Every expected failure has a stable code. `permanent` ones lie in the file itself (reading it again gives the same
 * answer, so the answer may be kept); the others may pass (retry later).
 */
export interface ProblemKind {
  readonly permanent: boolean
  /** What a person can do about it, one sentence. */
  readonly remedy: string
}

export const PROBLEM_KINDS = {
  FILE_CHANGED: { permanent: false, remedy: 'Scan again when nothing writes to the file.' },
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof PROBLEM_KINDS

/** An expected failure with one file. Thrown by readers, caught once by the scan and turned into one problem row. */
export class FileProblem extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    /** Absolute path of the file, or the best known. */
    readonly path: string,
    /** Byte offset in the file, where the fault is one place. */
    readonly offset?: number,
  ) {
    super(message)
    this.name = 'FileProblem'
  }

  get permanent(): boolean {
    return PROBLEM_KINDS[this.code].permanent
  }
}
