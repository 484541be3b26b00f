import Database from 'better-sqlite3'
import type { ProblemCode } from '../contract/problems.ts'

export type LibraryProblemCode = Extract<ProblemCode, `LIBRARY_${string}`>

/** An expected failure with the library file as a whole. */
export class LibraryProblem extends Error {
  readonly code: LibraryProblemCode
  /** Absolute path of the library. */
  readonly path: string

  constructor(code: LibraryProblemCode, message: string, path: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'LibraryProblem'
    this.code = code
    this.path = path
  }
}

/** SQLite says that the content of the file is not a sound database. */
export function isDamage(error: unknown): boolean {
  return hasCode(error, 'SQLITE_CORRUPT', 'SQLITE_NOTADB')
}

/** SQLite gave up waiting for another process. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, 'SQLITE_BUSY')
}

/** Turns the expected failures of SQLite and of the file system into a LibraryProblem; anything else is a bug and stays. */
export function asLibraryProblem(error: unknown, path: string): unknown {
  const reason = error instanceof Error ? error.message : String(error)
  if (isBusy(error))
    return new LibraryProblem('LIBRARY_LOCKED', 'another process keeps the library locked', path, error)
  if (isDamage(error)) return new LibraryProblem('LIBRARY_DAMAGED', `the library is damaged: ${reason}`, path, error)
  if (
    hasCode(error, 'SQLITE_CANTOPEN', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_PERM', 'SQLITE_READONLY') ||
    isSystemError(error)
  )
    return new LibraryProblem('LIBRARY_UNAVAILABLE', `the library cannot be read or written: ${reason}`, path, error)
  return error
}

/** Extended result codes carry their primary code in front: SQLITE_BUSY_SNAPSHOT, SQLITE_IOERR_WRITE. */
function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Database.SqliteError && codes.some((code) => `${error.code}_`.startsWith(`${code}_`))
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
