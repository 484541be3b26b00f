import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ComputeFailure } from '../../src-main/engine/compute/open.ts'
import { openPool } from '../../src-main/engine/pool.ts'
import { recoverFolder } from '../../src-main/engine/recover-folder.ts'
import { openLibrary } from '../../src-main/library/open.ts'
import { codeOf, openHost, SAMPLE, scanFolder, temporaryFolder, until, view } from './hosts.ts'
import { writeModel } from './models.ts'

/** Enough of them for a scan to be stopped on its way. */
function writeMany(folder: string): string {
  for (let seed = 0; seed < 60; seed++) writeModel(folder, `model-${String(seed).padStart(2, '0')}`, 256, seed)
  return folder
}

describe('the sample family', () => {
  test('gives the graph of the command line, and says how far it is', async () => {
    const host = openHost()
    const folder = await host.request('folders.openSample', {})
    expect(folder).toMatchObject({ name: 'Sample family', sample: true, state: 'available', lastSeen: null, models: 0 })
    expect((await view(host, folder)).graph.models).toEqual([])
    const told = await scanFolder(host, folder.id)

    const library = openLibrary(join(temporaryFolder(), 'library.db'))
    const request = { folders: [SAMPLE] as const, library, openPool: () => openPool(1) }
    const { graph } = await recoverFolder(request)
    library.close()
    const seen = await view(host, folder)
    expect(seen.graph).toEqual(graph)
    expect(seen.provisional).toBe(false)
    expect(seen.waiting).toEqual([])
    expect(seen.families).toEqual([
      { id: 'family-1', name: 'oak', members: 7, ghosts: 0, bytes: expect.any(Number), depth: 3 },
      { id: 'family-2', name: 'cedar', members: 5, ghosts: 0, bytes: expect.any(Number), depth: 1 },
    ])
    expect(seen.seen['oak']).toEqual({ lastSeen: expect.stringMatching(/^\d{4}-.*Z$/), present: true })

    const states = [...new Set(told.map(({ state }) => state))]
    expect(states).toEqual(['reading', 'relating', 'done'])
    const last = told.at(-1)!
    expect(last).toMatchObject({ modelsDone: 13, modelsToRead: 13, modelsKnown: 0, problemCount: 0, current: null })
    expect(last.bytesDone).toBe(last.bytesToRead)
    expect(last.recent[0]).toMatchObject({ path: 'yew', problem: null })
    const done = told.map(({ bytesDone }) => bytesDone)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(await host.request('folders.list', {})).toMatchObject([{ id: folder.id, models: 13, problems: 0 }])
  })

  test('is read once and recovered once, also by the next host', async () => {
    const library = join(temporaryFolder(), 'library.db')
    const first = openHost(library)
    const folder = await first.request('folders.openSample', {})
    await scanFolder(first, folder.id)
    const before = await view(first, folder)
    await first.close()

    const second = openHost(library)
    expect((await second.request('folders.list', {})).map(({ id }) => id)).toEqual([folder.id])
    expect(await view(second, folder), 'at once, without a scan').toEqual(before)
    const told = await scanFolder(second, folder.id)
    expect(told.at(-1)).toMatchObject({ state: 'done', modelsToRead: 0, bytesToRead: 0, bytesDone: 0, modelsKnown: 13 })
    const after = await view(second, folder)
    expect(after.graph).toEqual(before.graph)
    expect(after.recoveredAt).toBe(before.recoveredAt)
  })
})

describe('a scan', () => {
  test('can be cancelled, keeps what is finished, and goes on from there', async () => {
    const models = writeMany(temporaryFolder())
    const host = openHost()
    const folder = await host.grant(models)
    const onTheWay = until(host, ({ modelsDone }) => modelsDone > 0)
    await host.request('scan.start', { folder: folder.id })
    await onTheWay
    const during = await view(host, folder)
    expect(during.provisional).toBe(true)
    expect(during.graph.models.length + during.waiting.length).toBe(60)
    await host.request('scan.cancel', { folder: folder.id })

    const [listed] = await host.request('folders.list', {})
    const { modelsDone } = listed!.scan!
    expect(listed!.scan!.state).toBe('cancelled')
    expect(listed!.lastSeen).toBeNull()
    const cancelled = await view(host, folder)
    expect(cancelled.provisional).toBe(true)
    expect(cancelled.graph.models).toHaveLength(modelsDone)

    const told = await scanFolder(host, folder.id)
    expect(told.at(-1)).toMatchObject({ state: 'done', modelsKnown: modelsDone, modelsToRead: 60 - modelsDone })
    expect(await view(host, folder)).toMatchObject({ provisional: false, waiting: [] })
    expect((await view(host, folder)).graph.models).toHaveLength(60)
  })

  test('reads nothing while it is paused', async () => {
    const host = openHost()
    const folder = await host.grant(writeMany(temporaryFolder()))
    const paused = until(host, ({ state }) => state === 'paused')
    await host.request('scan.start', { folder: folder.id })
    await host.request('scan.pause', { folder: folder.id })
    await paused
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect((await view(host, folder)).graph.models, 'what was begun before may end').toHaveLength(0)
    const [listed] = await host.request('folders.list', {})
    expect(listed!.scan).toMatchObject({ state: 'paused', modelsDone: 0, bytesPerSecond: null })
    const done = until(host, ({ state }) => state === 'done')
    await host.request('scan.resume', { folder: folder.id })
    expect(await done).toMatchObject({ modelsDone: 60 })
  })

  test('can be cancelled while it is paused', async () => {
    const host = openHost()
    const folder = await host.grant(writeMany(temporaryFolder()))
    await host.request('scan.start', { folder: folder.id })
    await host.request('scan.pause', { folder: folder.id })
    await host.request('scan.cancel', { folder: folder.id })
    expect((await host.request('folders.list', {}))[0]!.scan!.state).toBe('cancelled')
  })

  test('shows trees before its end', async () => {
    const models = temporaryFolder()
    fs.cpSync(SAMPLE, join(models, 'a'), { recursive: true })
    writeMany(join(models, 'b'))
    const host = openHost()
    const folder = await host.grant(models)
    const sampleRead = until(host, ({ modelsDone }) => modelsDone >= 13)
    await host.request('scan.start', { folder: folder.id })
    await sampleRead
    await host.request('scan.pause', { folder: folder.id })
    await expect.poll(async () => (await view(host, folder)).graph.relations.length, { timeout: 100_000 }).toBe(10)
    const paused = await view(host, folder)
    expect(paused.provisional).toBe(true)
    expect(paused.families).toHaveLength(2)
    expect(paused.waiting.length).toBeGreaterThan(0)
  }, 120_000)

  test('turns each bad file into one problem and goes on', async () => {
    const models = temporaryFolder()
    writeModel(models, 'good', 8, 1)
    fs.mkdirSync(join(models, 'bad'))
    fs.writeFileSync(join(models, 'bad', 'model.safetensors'), 'x')
    const host = openHost()
    const folder = await host.grant(models)
    for (const time of ['first', 'second']) {
      const told = await scanFolder(host, folder.id)
      expect(told.at(-1), time).toMatchObject({
        state: 'done',
        problemCount: 1,
        problems: [{ path: 'bad/model.safetensors', code: 'SAFETENSORS_HEADER_TOO_SMALL' }],
      })
      const { graph } = await view(host, folder)
      expect(graph.models.map(({ id }) => id)).toEqual(['good'])
      expect(graph.problems).toMatchObject([{ path: 'bad/model.safetensors', code: 'SAFETENSORS_HEADER_TOO_SMALL' }])
    }
    expect((await host.request('folders.list', {}))[0]).toMatchObject({ models: 1, problems: 1 })
  })

  test('of one bad file reads that model again and no other, also where the library has kept why it is bad', async () => {
    const models = temporaryFolder()
    const file = (name: string): string => join(models, name, 'model.safetensors')
    const write = (name: string, bytes: Uint8Array): void => {
      fs.mkdirSync(join(models, name), { recursive: true })
      fs.writeFileSync(file(name), bytes)
      // The same time whatever is in it: for the library it is the same file.
      fs.utimesSync(file(name), 1_700_000_000, 1_700_000_000)
    }
    writeModel(models, 'good', 8, 1)
    const bytes = fs.readFileSync(file('good'))
    write(
      'mended',
      bytes.map(() => 0xff),
    )
    write(
      'bad',
      bytes.map(() => 0xff),
    )
    const host = openHost()
    const folder = await host.grant(models)
    await scanFolder(host, folder.id)
    const before = await view(host, folder)
    expect(before.graph.problems.map(({ path }) => path)).toEqual(['bad/model.safetensors', 'mended/model.safetensors'])

    write('mended', bytes)
    writeModel(models, 'new', 8, 2)
    const retried = until(host, ({ state }) => state === 'done')
    await host.request('scan.retry', { folder: folder.id, path: 'mended/model.safetensors' })
    expect(await retried).toMatchObject({ modelsKnown: 1, modelsToRead: 1, modelsDone: 1, problemCount: 1 })
    const after = await view(host, folder)
    expect(after.graph.models.map(({ id }) => id)).toEqual(['good', 'mended'])
    expect(after.graph.relations).toMatchObject([{ type: 'copy' }])
    expect(after.graph.problems.map(({ path }) => path)).toEqual(['bad/model.safetensors'])

    const failed = until(host, ({ state }) => state === 'done')
    await host.request('scan.retry', { folder: folder.id, path: 'bad/model.safetensors' })
    expect(await failed).toMatchObject({ modelsToRead: 1, problemCount: 1 })
    expect((await view(host, folder)).graph).toEqual(after.graph)
    expect(await codeOf(host.request('scan.retry', { folder: folder.id, path: 'good' }))).toBe('model-unknown')
  })

  test('sees what was added and what was deleted', async () => {
    const models = temporaryFolder()
    writeModel(models, 'one', 8, 1)
    writeModel(models, 'two', 8, 2)
    const host = openHost()
    const folder = await host.grant(models)
    await scanFolder(host, folder.id)
    fs.rmSync(join(models, 'one'), { recursive: true })
    writeModel(models, 'three', 8, 3)
    await scanFolder(host, folder.id)
    expect((await view(host, folder)).graph.models.map(({ id }) => id)).toEqual(['three', 'two'])
  })

  test('that is started twice runs once; pausing and cancelling what has ended does nothing', async () => {
    const host = openHost()
    const folder = await host.request('folders.openSample', {})
    const done = until(host, ({ state }) => state === 'done')
    await host.request('scan.start', { folder: folder.id })
    await host.request('scan.start', { folder: folder.id })
    expect(await done).toMatchObject({ modelsDone: 13 })
    await host.request('scan.pause', { folder: folder.id })
    await host.request('scan.resume', { folder: folder.id })
    await host.request('scan.cancel', { folder: folder.id })
    expect((await host.request('folders.list', {}))[0]!.scan!.state).toBe('done')
  })

  test('of a folder that is not one of the user’s is refused', async () => {
    expect(await codeOf(openHost().request('scan.start', { folder: 'no such id' }))).toBe('folder-unknown')
  })
})

describe('the engine that measures', () => {
  test('is told while the scan runs, and why it was chosen', async () => {
    const host = openHost()
    const folder = await host.grant(writeMany(temporaryFolder()))
    const told = await scanFolder(host, folder.id)
    const engine = { engine: 'cpu', adapter: null, reason: 'there was little to read', fellBack: null }
    expect(told.find(({ bytesDone }) => bytesDone > 0)).toMatchObject({ state: 'reading', engine })
    expect(told.at(-1)).toMatchObject({ state: 'done', engine })
    const again = await scanFolder(host, folder.id)
    expect(again.at(-1), 'nothing was read').toMatchObject({ state: 'done', engine: null })
  })

  test('is a graphics card that is not there: the scan says so and reads nothing', async () => {
    const openDevice = () => Promise.reject(new ComputeFailure('none', 'No card was found.'))
    const host = openHost(undefined, { openDevice })
    await host.request('settings.set', { settings: { engine: 'gpu' } })
    const folder = await host.grant(writeMany(temporaryFolder()))
    const told = await scanFolder(host, folder.id)
    const message = 'The graphics card cannot be used: no card was found. The engines "auto" and "cpu" do without.'
    expect(told.at(-1)).toMatchObject({ state: 'failed', message, modelsDone: 0, engine: null })

    await host.request('settings.set', { settings: { engine: 'auto' } })
    expect((await scanFolder(host, folder.id)).at(-1)).toMatchObject({ state: 'done', modelsDone: 60 })
  })
})
