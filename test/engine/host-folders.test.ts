import fs from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openLibrary } from '../../src-main/library/open.ts'
import { codeOf, openHost, scanFolder, temporaryFolder, until, view } from './hosts.ts'
import { writeModel } from './models.ts'

describe('a folder', () => {
  test('whose drive is away is browsed from the library', async () => {
    const place = temporaryFolder()
    const models = join(place, 'drive')
    writeModel(models, 'one', 8, 1)
    writeModel(models, 'two', 8, 2)
    const library = join(place, 'library.db')
    const before = openHost(library)
    const folder = await before.grant(models)
    await scanFolder(before, folder.id)
    await before.close()
    fs.renameSync(models, join(place, 'elsewhere'))

    const host = openHost(library)
    const [listed] = await host.request('folders.list', {})
    expect(listed).toMatchObject({ id: folder.id, state: 'missing', models: 2 })
    const { graph, seen } = await view(host, folder)
    expect(graph.models.map(({ id }) => id)).toEqual(['one', 'two'])
    expect(seen['one']).toEqual({ lastSeen: listed!.lastSeen, present: false })
    expect(await codeOf(host.request('scan.start', { folder: folder.id }))).toBe('folder-missing')
    const exported = await host.request('export.graph', { folder: folder.id, format: 'csv' })
    expect(exported).toMatchObject({ fileName: 'drive.csv', mime: 'text/csv' })

    fs.renameSync(join(place, 'elsewhere'), models)
    expect((await host.request('folders.list', {}))[0]!.state).toBe('available')
    expect((await view(host, folder)).seen['one']!.present).toBe(true)
  })

  test('that goes away while it is scanned keeps what was known of it', async () => {
    const place = temporaryFolder()
    const models = join(place, 'drive')
    writeModel(models, 'one', 8, 1)
    const host = openHost(join(place, 'library.db'))
    const folder = await host.grant(models)
    await scanFolder(host, folder.id)
    for (let seed = 2; seed < 40; seed++) writeModel(models, `more-${seed}`, 256, seed)
    const failed = until(host, ({ state }) => state === 'failed')
    await host.request('scan.start', { folder: folder.id })
    await host.request('scan.pause', { folder: folder.id })
    fs.renameSync(models, join(place, 'elsewhere'))
    await host.request('scan.resume', { folder: folder.id })
    expect((await failed).message).toContain('went away')
    expect((await view(host, folder)).graph.models.map(({ id }) => id)).toEqual(['one'])
  })

  test('is granted once, under one id, and only if it is a folder', async () => {
    const place = temporaryFolder()
    const host = openHost()
    let changes = 0
    host.on('folders.changed', () => changes++)
    const { id } = await host.grant(place)
    expect((await host.grant(place)).id).toBe(id)
    expect(changes).toBe(2)
    fs.writeFileSync(join(place, 'file'), '')
    expect(await codeOf(host.grant(join(place, 'file')))).toBe('folder-missing')
    expect(await codeOf(host.grant(join(place, 'nothing')))).toBe('folder-missing')
    expect(await host.request('folders.list', {})).toHaveLength(1)
  })

  test('that is forgotten is gone, its scan ended; what was measured stays', async () => {
    const place = temporaryFolder()
    const models = join(place, 'models')
    for (let seed = 0; seed < 40; seed++) writeModel(models, `model-${seed}`, 256, seed)
    const path = join(place, 'library.db')
    const host = openHost(path)
    const folder = await host.grant(models)
    await host.request('view.set', { folder: folder.id, view: { layout: 'radial' } })
    const onTheWay = until(host, ({ modelsDone }) => modelsDone > 0)
    await host.request('scan.start', { folder: folder.id })
    await onTheWay
    await host.request('folders.forget', { folder: folder.id })
    expect(await host.request('folders.list', {})).toEqual([])
    expect(await codeOf(host.request('graph.get', { folder: folder.id }))).toBe('folder-unknown')
    expect((await host.request('view.get', { folder: folder.id })).layout).toBe('change')
    await host.close()
    const library = openLibrary(path)
    expect(library.list().length).toBeGreaterThan(0)
    expect(library.list().length).toBeLessThan(40)
    expect(library.folders.counts().size).toBe(0)
    library.close()
  })

  test('is chosen in the page by what was listed before, never by a path', async () => {
    const place = temporaryFolder()
    fs.mkdirSync(join(place, 'b10'))
    fs.mkdirSync(join(place, 'b9'))
    fs.mkdirSync(join(place, '.hidden'))
    fs.writeFileSync(join(place, 'file'), '')
    fs.symlinkSync(join(place, 'b9'), join(place, 'link'))
    const host = openHost()
    let listing = await host.request('folders.browse', { folder: null })
    while (listing.parent !== null) listing = await host.request('folders.browse', { folder: listing.parent })
    for (const part of place.split('/').filter(Boolean)) {
      const next = listing.children.find(({ name }) => name === part)!
      listing = await host.request('folders.browse', { folder: next.folder })
    }
    expect(listing).toMatchObject({ path: place, truncated: false })
    expect(listing.children.map(({ name }) => name)).toEqual(['b9', 'b10', 'link'])
    const granted = await host.request('folders.grant', { folder: listing.children[0]!.folder })
    expect(granted.path).toBe(join(place, 'b9'))
    for (const foreign of [place, '/', '..', granted.id]) {
      expect(await codeOf(host.request('folders.browse', { folder: foreign }))).toBe('folder-unknown')
      expect(await codeOf(host.request('folders.grant', { folder: foreign }))).toBe('folder-unknown')
    }
  })
})

describe('a library that cannot be used', () => {
  test('of a newer version is reported, and everything else answers', async () => {
    const path = join(temporaryFolder(), 'library.db')
    openLibrary(path).close()
    const database = new Database(path)
    database.pragma('user_version = 99')
    database.close()
    const host = openHost(path)
    const { library } = await host.request('host.describe', {})
    expect(library).toMatchObject({ path, state: 'newer', models: 0 })
    expect(library.message).toMatch(/newer version.*install/i)
    expect(await host.request('folders.list', {})).toEqual([])
    expect(await host.request('settings.get', {})).toEqual({
      theme: 'system',
      threads: null,
      engine: 'auto',
      openFolder: null,
    })
    expect(await codeOf(host.request('folders.openSample', {}))).toBe('LIBRARY_NEWER')
    expect(await codeOf(host.request('settings.set', { settings: { theme: 'dark' } }))).toBe('LIBRARY_NEWER')
  })

  test('because another program holds it is reported, and used as soon as it is free', async () => {
    const path = join(temporaryFolder(), 'library.db')
    openLibrary(path).close()
    const other = new Database(path)
    other.pragma('journal_mode = DELETE')
    other.exec('BEGIN EXCLUSIVE')
    const host = openHost(path)
    expect((await host.request('host.describe', {})).library.state).toBe('locked')
    expect(await codeOf(host.request('folders.openSample', {}))).toBe('LIBRARY_LOCKED')
    other.exec('COMMIT')
    other.close()
    await expect
      .poll(async () => (await host.request('host.describe', {})).library.state, { timeout: 20_000, interval: 500 })
      .toBe('ready')
  })

  test('because it is the file of another program is reported', async () => {
    const path = join(temporaryFolder(), 'library.db')
    const database = new Database(path)
    database.exec('CREATE TABLE notes (text)')
    database.close()
    expect((await openHost(path).request('host.describe', {})).library.state).toBe('foreign')
  })

  test('because it is damaged is set aside and said so', async () => {
    const path = join(temporaryFolder(), 'library.db')
    fs.writeFileSync(path, 'this is no library, and it is long enough to be looked at'.repeat(4))
    const host = openHost(path)
    const { library } = await host.request('host.describe', {})
    expect(library.state).toBe('damaged-and-rebuilt')
    expect(library.message).toContain(`${path}.damaged-`)
    expect(await host.request('folders.openSample', {})).toMatchObject({ sample: true })
  })

  test('and is damaged while it is used loses no folder of the user’s', async () => {
    const place = temporaryFolder()
    const models = join(place, 'models')
    for (let seed = 0; seed < 4; seed++) writeModel(models, `model-${seed}`, 64, seed)
    const path = join(place, 'library.db')
    const host = openHost(path)
    const folder = await host.grant(models)
    await scanFolder(host, folder.id)
    const messages: string[] = []
    host.on('library.message', ({ message }) => messages.push(message))
    fs.rmSync(`${path}-wal`, { force: true })
    fs.rmSync(`${path}-shm`, { force: true })
    fs.rmSync(path)
    fs.writeFileSync(path, 'no library any more '.repeat(20))
    await host.request('folders.list', {})
    await expect.poll(() => messages.length).toBe(1)
    expect((await host.request('folders.list', {})).map(({ id, path }) => [id, path])).toEqual([[folder.id, models]])
    expect((await view(host, folder)).graph.models).toEqual([])
    const told = await scanFolder(host, folder.id)
    expect(told.at(-1)).toMatchObject({ state: 'done', modelsDone: 4 })
  })
})
