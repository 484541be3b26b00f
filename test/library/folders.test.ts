import { resolve } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { MIGRATIONS } from '../../src-main/library/migrations.ts'
import type { StoredFolder, StoredGraph } from '../../src-main/library/types.ts'
import { makeModel } from './models.ts'
import { open, temporaryPath } from './support.ts'

function makeFolder(id: string, path: string): StoredFolder {
  return { id, path: resolve(path), grantedAt: `2026-01-0${id}T00:00:00.000Z`, lastSeen: null }
}

function makeGraph(graph: string): StoredGraph {
  return {
    inputs: 'of nothing',
    recoveredAt: '2026-01-09T00:00:00.000Z',
    complete: true,
    models: 3,
    problems: 1,
    graph,
    claims: '{}',
  }
}

test('folders come back in the order in which they were granted, each path once', () => {
  const path = temporaryPath()
  const library = open(path)
  library.folders.add(makeFolder('2', '/zoo'))
  library.folders.add(makeFolder('1', '/archive'))
  library.folders.add(makeFolder('3', '/zoo'))
  library.folders.markSeen('2', '2026-01-09T00:00:00.000Z')
  library.close()
  expect(open(path).folders.list()).toEqual([
    makeFolder('1', '/archive'),
    { ...makeFolder('2', '/zoo'), lastSeen: '2026-01-09T00:00:00.000Z' },
  ])
})

test('a graph replaces the one before and goes with its folder', () => {
  const library = open()
  library.folders.add(makeFolder('1', '/zoo'))
  library.folders.saveGraph('1', makeGraph('one'))
  library.folders.saveGraph('1', { ...makeGraph('two'), complete: false })
  expect(library.folders.graph('1')).toEqual({ ...makeGraph('two'), complete: false })
  expect(library.folders.counts()).toEqual(new Map([['1', { models: 3, problems: 1 }]]))
  library.folders.remove('1')
  expect(library.folders.graph('1')).toBeUndefined()
  library.folders.saveGraph('1', makeGraph('late'))
  expect(library.folders.counts().size).toBe(0)
})

test('forgetting a location drops the graphs that it is in, clearing all of them; folders stay', () => {
  const library = open()
  const paths = ['/zoo', '/zoo/a', '/zooming', '/archive']
  paths.forEach((path, at) => {
    library.folders.add(makeFolder(String(at + 1), path))
    library.folders.saveGraph(String(at + 1), makeGraph(path))
  })
  library.save(makeModel(resolve('/zoo/a/oak'), 1))
  library.forget('/zoo/a/oak')
  expect([...library.folders.counts().keys()]).toEqual(['3', '4'])
  library.forget('/')
  expect(library.folders.counts().size).toBe(0)
  library.folders.saveGraph('4', makeGraph('again'))
  library.clear()
  expect(library.folders.counts().size).toBe(0)
  expect(library.folders.list()).toHaveLength(4)
})

test('settings are kept by key', () => {
  const path = temporaryPath()
  const library = open(path)
  library.settings.set('theme', 'dark')
  library.settings.set('theme', 'light')
  library.settings.set('view', '{}')
  library.settings.remove('view')
  library.close()
  const again = open(path)
  expect([again.settings.get('theme'), again.settings.get('view')]).toEqual(['light', undefined])
})

test('a library of the first version gets folders and keeps what it has', () => {
  const path = temporaryPath()
  const database = new Database(path)
  database.pragma('application_id = 0x48454952')
  database.exec(MIGRATIONS[0]!)
  database.exec("INSERT INTO settings VALUES ('theme', 'dark')")
  database.pragma('user_version = 1')
  database.close()
  const library = open(path)
  library.folders.add(makeFolder('1', '/zoo'))
  expect(library.folders.list()).toHaveLength(1)
  expect(library.settings.get('theme')).toBe('dark')
})
