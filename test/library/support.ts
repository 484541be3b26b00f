import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach } from 'vitest'
import { openLibrary } from '../../src-main/library/open.ts'
import type { Library } from '../../src-main/library/types.ts'

const folders: string[] = []
const libraries: Library[] = []

afterEach(() => {
  for (const library of libraries.splice(0)) library.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** The path of a library that does not exist yet, in a folder that is deleted after the test. */
export function temporaryPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'library-'))
  folders.push(folder)
  return join(folder, 'library.db')
}

/** A library that is closed after the test. */
export function open(path = temporaryPath(), messages: string[] = []): Library {
  const library = openLibrary(path, (text) => messages.push(text))
  libraries.push(library)
  return library
}

/** Runs SQL on the file behind the library's back. */
export function runSql(path: string, sql: string): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}
