import { PROBLEM_KINDS, type ProblemCode } from '../contract/problems.ts'
import type { Connection } from './connection.ts'
import { filesOf, replaceLocation } from './locations.ts'
import type { StoredProblem } from './types.ts'

interface ProblemRow {
  readonly code: string
  readonly message: string
  readonly path: string
  readonly offset: number | null
}

/** To be called within a transaction. */
export function insertProblem(connection: Connection, problem: StoredProblem): void {
  if (!isPermanent(problem.code)) throw new RangeError(`${problem.code} is not permanent`)
  const id = replaceLocation(connection, problem.location, problem.files)
  connection
    .statement<[number, string, string, string, number | null]>(
      'INSERT INTO problems (location_id, code, message, path, byte_offset) VALUES (?, ?, ?, ?, ?)',
    )
    .run(id, problem.code, problem.message, problem.path, problem.offset ?? null)
}

/** The problem of an entry; undefined also for a code that is no longer known or no longer permanent. */
export function loadProblem(connection: Connection, id: number, location: string): StoredProblem | undefined {
  const row = connection
    .statement<[number], ProblemRow>(
      'SELECT code, message, path, byte_offset AS offset FROM problems WHERE location_id = ?',
    )
    .get(id)
  if (row === undefined || !isPermanent(row.code)) return undefined
  const { code, message, path, offset } = row
  return { location, files: filesOf(connection, id), code, message, path, offset: offset ?? undefined }
}

/** To be called within a transaction. */
export function deleteProblem(connection: Connection, location: string): void {
  connection
    .statement<[string]>('DELETE FROM locations WHERE location = ? AND id IN (SELECT location_id FROM problems)')
    .run(location)
}

function isPermanent(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_KINDS, code) && PROBLEM_KINDS[code as ProblemCode].permanent
}
