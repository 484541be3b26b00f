import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { LibraryProblem, type LibraryProblemCode } from '../../src-main/library/library-problem.ts'
import { migrate } from '../../src-main/library/migrations.ts'
import { makeModel } from './models.ts'
import { open, runSql, temporaryPath } from './support.ts'

function problemOf(operation: () => unknown): { code: LibraryProblemCode; path: string; message: string } {
  try {
    operation()
  } catch (error) {
    if (error instanceof LibraryProblem) return { code: error.code, path: error.path, message: error.message }
    throw error
  }
  throw new Error('no problem was thrown')
}

describe('a new library', () => {
  test('has large pages, a write-ahead log, a mark and a version', () => {
    const path = temporaryPath()
    const library = open(path)
    const database = new Database(path, { readonly: true })
    const pragmas = ['page_size', 'journal_mode', 'application_id', 'user_version']
    expect(pragmas.map((name) => database.pragma(name, { simple: true }))).toEqual([16384, 'wal', 0x48454952, 3])
    database.close()
    library.close()
  })

  test('takes the place of an empty file', () => {
    const path = temporaryPath()
    writeFileSync(path, '')
    const library = open(path)
    library.save(makeModel('/a'))
    expect(library.load('/a')).toStrictEqual(makeModel('/a'))
  })

  test('leaves nothing beside it once closed', () => {
    const path = temporaryPath()
    const library = open(path)
    library.save(makeModel('/a'))
    library.close()
    expect(readdirSync(dirname(path))).toEqual(['library.db'])
  })
})

test('a closed library refuses to work', () => {
  const library = open()
  library.close()
  expect(() => library.list()).toThrow('the library is closed')
  library.close()
})

describe('a library of a newer version', () => {
  test('is refused and left as it is', () => {
    const path = temporaryPath()
    open(path).close()
    runSql(path, 'PRAGMA user_version = 4')
    const before = readFileSync(path)
    expect(problemOf(() => open(path))).toEqual({
      code: 'LIBRARY_NEWER',
      path,
      message: 'the library was written by a newer Heirloom (schema 4, this one knows 3)',
    })
    expect(readFileSync(path)).toEqual(before)
  })
})

describe('a database of another program', () => {
  test.each([
    ['without a mark', 'CREATE TABLE notes (text); INSERT INTO notes VALUES (1)'],
    ['with a mark of its own', 'PRAGMA application_id = 7; CREATE TABLE notes (text)'],
    ['with a version like ours', 'PRAGMA user_version = 1; CREATE TABLE settings (key)'],
  ])('%s is refused and left as it is', (_, sql) => {
    const path = temporaryPath()
    runSql(path, sql)
    const before = readFileSync(path)
    expect(problemOf(() => open(path))).toEqual({
      code: 'LIBRARY_FOREIGN',
      path,
      message: 'the file is a database of another program',
    })
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(dirname(path))).toEqual(['library.db'])
  })

  test('keeps its write-ahead log', () => {
    const path = temporaryPath()
    const other = new Database(path)
    other.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (text)')
    const before = readFileSync(`${path}-wal`)
    expect(problemOf(() => open(path)).code).toBe('LIBRARY_FOREIGN')
    expect(readFileSync(`${path}-wal`)).toEqual(before)
    other.close()
  })
})

describe('a library that cannot be used', () => {
  test('because another process keeps it locked is LIBRARY_LOCKED', () => {
    const path = temporaryPath()
    const library = open(path)
    library.save(makeModel('/a'))
    const other = new Database(path)
    other.exec('BEGIN IMMEDIATE')
    expect(library.load('/a'), 'reading does not wait for a writer').toBeDefined()
    expect(problemOf(() => library.save(makeModel('/b')))).toEqual({
      code: 'LIBRARY_LOCKED',
      path,
      message: 'another process keeps the library locked',
    })
    other.exec('COMMIT')
    other.close()
    library.save(makeModel('/b'))
    expect(library.stats().models).toBe(2)
  })

  test('because a folder has its name is LIBRARY_UNAVAILABLE', () => {
    const path = temporaryPath()
    mkdirSync(path)
    expect(problemOf(() => open(path))).toMatchObject({ code: 'LIBRARY_UNAVAILABLE', path })
  })

  test('because a file is in the place of a folder above it is LIBRARY_UNAVAILABLE', () => {
    const file = temporaryPath()
    writeFileSync(file, 'text')
    expect(problemOf(() => open(`${file}/library.db`))).toMatchObject({ code: 'LIBRARY_UNAVAILABLE' })
    expect(readFileSync(file, 'utf8')).toBe('text')
  })
})

describe('migrations', () => {
  const steps = ['CREATE TABLE one (a)', 'ALTER TABLE one ADD COLUMN b', 'CREATE TABLE three (c)']

  test('run from the version of the file to the newest, each once', () => {
    const database = new Database(':memory:')
    migrate(database, steps.slice(0, 1))
    database.exec('INSERT INTO one VALUES (1)')
    migrate(database, steps)
    migrate(database, steps)
    expect(database.pragma('user_version', { simple: true })).toBe(3)
    expect(database.prepare('SELECT * FROM one').all()).toEqual([{ a: 1, b: null }])
  })

  test('that fail leave the file at the version before', () => {
    const database = new Database(':memory:')
    expect(() => migrate(database, [...steps.slice(0, 1), 'CREATE TABLE two (x); CREATE TABLE one (x)'])).toThrow(
      'table one already exists',
    )
    expect(database.pragma('user_version', { simple: true })).toBe(1)
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()).toEqual(['one'])
  })
})
