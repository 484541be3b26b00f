import { readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { TENSOR_COLUMNS } from '../../src-main/library/tensor-row.ts'
import { makeModel, makeProblem } from './models.ts'
import { open, runSql, temporaryPath } from './support.ts'

const PAGE = 16384

/** A closed library with models in it. */
function filled(): string {
  const path = temporaryPath()
  const library = open(path)
  for (let index = 0; index < 5; index++) library.save(makeModel(`/m${index}`))
  library.close()
  return path
}

function overwrite(path: string, from: number, to: number): void {
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xa5, from, to))
}

/** The databases that were set aside. */
function setAside(path: string): string[] {
  const isDatabase = (name: string) => /^library\.db\.damaged-\d{8}-\d{6}(-\d+)?$/.test(name)
  return readdirSync(dirname(path)).filter(isDatabase)
}

describe('a damaged library is set aside whole and a new one begun', () => {
  test.each([
    ['text', () => 'this is not a database, though it is long enough to look like one'.repeat(100)],
    ['five bytes', () => 'hello'],
    ['half of its header', (sound: Buffer) => sound.subarray(0, 50)],
    ['zeros', (sound: Buffer) => Buffer.alloc(sound.length)],
    ['half of itself', (sound: Buffer) => sound.subarray(0, sound.length / 2)],
    ['an impossible page size', (sound: Buffer) => Buffer.from(sound).fill(0xff, 16, 18)],
    ['a first page of garbage', (sound: Buffer) => Buffer.from(sound).fill(0xa5, 100, PAGE)],
  ])('on opening, if the file is %s', (_, damage) => {
    const path = filled()
    const damaged = Buffer.from(damage(readFileSync(path)))
    writeFileSync(path, damaged)
    const messages: string[] = []
    const library = open(path, messages)
    const [name] = setAside(path)
    expect(readFileSync(join(dirname(path), name ?? '')).equals(damaged)).toBe(true)
    expect(messages).toEqual([
      `The library was damaged. It was moved to ${join(dirname(path), name ?? '')} and a new one was begun.`,
    ])
    library.save(makeModel('/new'))
    expect(library.list().map(({ location }) => location)).toEqual(['/new'])
  })

  test('when a call meets the damage, and the call still succeeds', () => {
    const path = filled()
    overwrite(path, PAGE, statSync(path).size)
    const messages: string[] = []
    const library = open(path, messages)
    library.save(makeModel('/new'))
    expect(messages).toHaveLength(1)
    expect(setAside(path)).toHaveLength(1)
    expect(library.load('/new')).toStrictEqual(makeModel('/new'))
    expect(library.stats().models).toBe(1)
  })

  test('with the log that lay beside it, and never over what is there', () => {
    const path = temporaryPath()
    for (const round of ['first', 'second', 'third']) {
      writeFileSync(path, `garbage ${round}`)
      writeFileSync(`${path}-wal`, `log ${round}`)
      open(path).close()
    }
    const names = setAside(path)
    const read = (suffix: string) =>
      names.map((name) => readFileSync(join(dirname(path), name + suffix), 'utf8')).sort()
    expect(read('')).toEqual(['garbage first', 'garbage second', 'garbage third'])
    expect(read('-wal')).toEqual(['log first', 'log second', 'log third'])
  })

  test('once, by whichever of two open libraries meets the damage first', () => {
    const path = filled()
    const messages: string[] = []
    const [one, other] = [open(path, messages), open(path, messages)]
    overwrite(path, PAGE, statSync(path).size)
    one.save(makeModel('/one'))
    other.save(makeModel('/other'))
    expect(setAside(path)).toHaveLength(1)
    expect(messages).toHaveLength(1)
    const locations = [one, other].map((library) => library.list().map(({ location }) => location))
    expect(locations).toEqual([
      ['/one', '/other'],
      ['/one', '/other'],
    ])
  })
})

describe('a model with a damaged row is dropped, with a message, and the others stay', () => {
  const blobs: readonly string[] = ['hash', 'sketch', 'sample', 'grid_steps']
  const changeOf = (column: string) => {
    if (column === 'ordinal') return 'ordinal + 10'
    return blobs.includes(column)
      ? `CAST(substr(coalesce(${column}, x'00'), 2) || x'ff' AS BLOB)`
      : `coalesce(${column}, 0) || '1'`
  }
  const changes = [
    ...TENSOR_COLUMNS.map((column) => [column, `UPDATE tensors SET ${column} = ${changeOf(column)}`]),
    ['row_hash', `UPDATE tensors SET row_hash = x'00'`],
    ['the whole row', 'DELETE FROM tensors'],
  ]

  test('whatever the column', () => {
    const path = temporaryPath()
    const messages: string[] = []
    const library = open(path, messages)
    library.save(makeModel('/a'))
    for (const [column, sql] of changes) {
      library.save(makeModel('/b'))
      runSql(path, `${sql} WHERE location_id = (SELECT id FROM locations WHERE location = '/b') AND ordinal = 1`)
      expect(library.load('/b'), column).toBeUndefined()
      expect(messages.splice(0)).toEqual([
        'What the library held about /b was damaged and is dropped: the model will be read again.',
      ])
      expect(library.lookup('/b', makeModel('/b').files)).toEqual({ state: 'unknown' })
      expect(library.load('/a')).toStrictEqual(makeModel('/a'))
    }
    library.save(makeModel('/b'))
    expect(library.load('/b')).toStrictEqual(makeModel('/b'))
    expect(setAside(path)).toEqual([])
  })

  test('unless the file as a whole is damaged too: then all of it is set aside', () => {
    const path = filled()
    runSql(path, `UPDATE tensors SET name = 'other' WHERE ordinal = 0`)
    const database = new Database(path)
    const page = Number(database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'settings'").pluck().get())
    database.close()
    overwrite(path, (page - 1) * PAGE, page * PAGE)
    const messages: string[] = []
    const library = open(path, messages)
    expect(library.load('/m3')).toBeUndefined()
    expect(messages).toHaveLength(2)
    expect(setAside(path)).toHaveLength(1)
    expect(library.stats().models).toBe(0)
  })
})

describe('a library whose file was replaced while it was open', () => {
  test('goes on with a new one after it was deleted', () => {
    const path = filled()
    const library = open(path)
    rmSync(path)
    library.saveProblem(makeProblem('/bad'))
    library.close()
    expect(open(path).stats()).toMatchObject({ models: 0, problems: 1 })
  })

  test('goes on with the other one, and does not write to the old', () => {
    const path = filled()
    const library = open(path)
    renameSync(path, `${path}.moved`)
    const other = open(path)
    other.save(makeModel('/other'))
    library.save(makeModel('/mine'))
    expect(other.list().map(({ location }) => location)).toEqual(['/mine', '/other'])
    const moved = new Database(`${path}.moved`, { readonly: true })
    expect(moved.prepare("SELECT count(*) FROM locations WHERE location = '/mine'").pluck().get()).toBe(0)
    moved.close()
  })
})

test('a file cut short after it was opened does not stop the work', () => {
  const path = filled()
  const library = open(path)
  truncateSync(path, 3 * PAGE)
  library.save(makeModel('/new'))
  expect(library.load('/new')).toStrictEqual(makeModel('/new'))
})
