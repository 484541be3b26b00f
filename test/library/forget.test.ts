import { mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { FINGERPRINT_VERSION } from '../../src-main/fingerprint/types.ts'
import { defaultLibraryPath } from '../../src-main/library/default-path.ts'
import { makeModel, makeProblem } from './models.ts'
import { open, runSql, temporaryPath } from './support.ts'

const places = ['/zoo', '/zoo/a', '/zoo/a/inner', '/zoo/ab', '/zoo_a', '/Zoo/a'].map((place) => resolve(place))

test.each([
  ['/zoo/a', 2],
  ['/zoo', 4],
  ['/zoo/', 4],
  ['/', 6],
  ['/zo', 0],
  ['/zoo/%', 0],
])('forgetting %s drops it and what is below it', (folder, dropped) => {
  const library = open()
  for (const place of places) library.save(makeModel(place, 1))
  expect(library.forget(folder)).toBe(dropped)
  expect(library.list()).toHaveLength(places.length - dropped)
  expect(library.stats()).toMatchObject({ models: 6 - dropped, tensors: 6 - dropped })
})

test('remembered problems are forgotten too', () => {
  const library = open()
  library.saveProblem(makeProblem(resolve('/zoo/bad')))
  expect(library.forget('/zoo')).toBe(1)
  expect(library.stats().problems).toBe(0)
})

test('clearing drops all that was derived, keeps settings, and shrinks the file', () => {
  const path = temporaryPath()
  const library = open(path)
  for (let index = 0; index < 5; index++) library.save(makeModel(`/m${index}`, 20))
  library.saveProblem(makeProblem('/bad'))
  runSql(path, "INSERT INTO settings VALUES ('theme', 'dark')")
  const before = library.stats().fileSize
  expect(library.clear()).toBe(6)
  expect(library.list()).toEqual([])
  expect(library.stats()).toMatchObject({ models: 0, problems: 0, tensors: 0, bytesOfWeights: 0 })
  expect(library.stats().fileSize).toBeLessThan(before / 5)
  const database = new Database(path, { readonly: true })
  expect(database.prepare('SELECT * FROM settings').all()).toEqual([{ key: 'theme', value: 'dark' }])
  database.close()
})

test('statistics count what is there', () => {
  const path = temporaryPath()
  const library = open(path)
  library.save(makeModel('/a', 2))
  library.save(makeModel('/b', 5))
  library.saveProblem(makeProblem('/bad'))
  expect(library.stats()).toStrictEqual({
    path,
    schemaVersion: 3,
    fingerprintVersion: FINGERPRINT_VERSION,
    models: 2,
    problems: 1,
    tensors: 7,
    bytesOfWeights: 2_000_000,
    fileSize: statSync(path).size + statSync(`${path}-wal`).size,
  })
})

test('folders above the library are created, for this user only', () => {
  const path = join(temporaryPath(), 'deep', 'library.db')
  open(path)
  if (process.platform !== 'win32') expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
})

test('a folder above the library that exists is left as it is', () => {
  const folder = temporaryPath()
  mkdirSync(folder, { mode: 0o755 })
  const before = statSync(folder).mode
  open(join(folder, 'library.db'))
  expect(statSync(folder).mode).toBe(before)
})

test('the library of a user lies in the data folder of the operating system', () => {
  expect(defaultLibraryPath()).toMatch(/heirloom[/\\](Data[/\\])?library\.db$/)
  expect(resolve(defaultLibraryPath())).toBe(defaultLibraryPath())
})
