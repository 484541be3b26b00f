import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EngineError } from '../../src-main/contract/errors.ts'
import { isRequestKind, PARAMETERS, type RequestKind } from '../../src-main/contract/requests.ts'
import { openLibrary } from '../../src-main/library/open.ts'
import { codeOf, openHost, scanFolder, temporaryFolder, view } from './hosts.ts'
import { writeModel } from './models.ts'

describe('a request', () => {
  test('of a kind that is not known is refused', async () => {
    const host = openHost()
    for (const kind of ['', 'host.describe ', 'toString', '__proto__', 'constructor', 'scan']) {
      expect(isRequestKind(kind)).toBe(false)
      expect(await codeOf(host.request(kind as RequestKind, {} as never)), kind).toBe('request-unknown')
    }
  })

  test.each<[RequestKind, unknown]>([
    ['host.describe', null],
    ['host.describe', { more: 1 }],
    ['graph.get', {}],
    ['graph.get', { folder: 1 }],
    ['graph.get', { folder: '' }],
    ['graph.get', { folder: 'x'.repeat(65) }],
    ['folders.browse', {}],
    ['evidence.relation', { folder: 'a', parent: 'b', child: 'c'.repeat(5000) }],
    ['export.graph', { folder: 'a', format: 'exe' }],
    ['export.graph', { folder: 'a', format: 'csv', models: 'all' }],
    ['settings.set', { settings: { theme: 'pink' } }],
    ['settings.set', { settings: { threads: 0 } }],
    ['settings.set', { settings: { engine: 'quantum' } }],
    ['settings.set', { settings: { threads: 1e9 } }],
    ['settings.set', { settings: { unknown: true } }],
    ['view.set', { folder: 'a', view: { viewport: { x: NaN, y: 0, zoom: 1 } } }],
    ['view.set', { folder: 'a', view: { viewport: { x: 0, y: 0, zoom: 0 } } }],
  ])('%s with %j is refused before anything is done', async (kind, parameters) => {
    expect(await codeOf(openHost().request(kind, parameters as never))).toBe('request-invalid')
  })

  test('with whatever parameters ends in an answer or in a known failure', async () => {
    const host = openHost()
    const kinds = (Object.keys(PARAMETERS) as RequestKind[]).filter((kind) => kind !== 'folders.openSample')
    const parameters = fc.oneof(
      fc.jsonValue(),
      fc.record({ folder: fc.string(), model: fc.string(), a: fc.string(), b: fc.string(), path: fc.string() }),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...kinds), parameters, async (kind, given) => {
        try {
          await host.request(kind, given as never)
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError)
          expect((error as EngineError).remedy).not.toBe('')
        }
      }),
      { numRuns: 300 },
    )
    expect(await host.request('folders.list', {})).toEqual([])
  })

  test('that is cancelled before it begins is not begun', async () => {
    const host = openHost()
    const signal = AbortSignal.abort()
    expect(await codeOf(host.request('folders.openSample', {}, { signal }))).toBe('cancelled')
    expect(await host.request('folders.list', {})).toEqual([])
  })

  test('that only the desktop answers is refused elsewhere, and the other way round', async () => {
    const here = openHost()
    const { id } = await here.grant(temporaryFolder())
    expect(await here.request('host.describe', {})).toMatchObject({
      host: 'browser',
      can: { choose: false, browse: true, reveal: false },
    })
    expect(await codeOf(here.request('folders.choose', {}))).toBe('not-here')
    expect(await codeOf(here.request('folders.reveal', { folder: id, path: 'x' }))).toBe('not-here')

    const chosen = temporaryFolder()
    writeModel(chosen, 'one', 8, 1)
    const revealed: string[] = []
    const answers: (string | null)[] = [null, chosen]
    const desktop = openHost(undefined, {
      desktop: { chooseFolder: async () => answers.shift()!, reveal: (path) => revealed.push(path) },
    })
    expect(await desktop.request('folders.choose', {})).toBeNull()
    const folder = await desktop.request('folders.choose', {})
    expect(folder).toMatchObject({ path: chosen })
    expect(await codeOf(desktop.request('folders.browse', { folder: null }))).toBe('not-here')
    await scanFolder(desktop, folder!.id)
    await desktop.request('folders.reveal', { folder: folder!.id, path: 'one' })
    expect(revealed).toEqual([join(chosen, 'one')])
    const elsewhere = desktop.request('folders.reveal', { folder: folder!.id, path: '../one' })
    expect(await codeOf(elsewhere)).toBe('model-unknown')
  })
})

describe('settings and views', () => {
  test('have defaults, are kept, and change field by field', async () => {
    const library = join(temporaryFolder(), 'library.db')
    const host = openHost(library)
    const { id } = await host.grant(temporaryFolder())
    expect(await host.request('view.get', { folder: id })).toEqual({
      layout: 'change',
      colour: 'family',
      collapsed: [],
      focus: null,
      filter: '',
      viewport: null,
    })
    await host.request('settings.set', { settings: { theme: 'dark' } })
    await host.request('settings.set', { settings: { openFolder: id } })
    await host.request('view.set', { folder: id, view: { collapsed: ['oak'], viewport: { x: 1, y: 2, zoom: 0.5 } } })
    await host.request('view.set', { folder: id, view: { colour: 'type' } })
    await host.close()
    const next = openHost(library)
    expect(await next.request('settings.get', {})).toEqual({
      theme: 'dark',
      threads: null,
      engine: 'auto',
      openFolder: id,
    })
    expect(await next.request('view.get', { folder: id })).toEqual({
      layout: 'change',
      colour: 'type',
      collapsed: ['oak'],
      focus: null,
      filter: '',
      viewport: { x: 1, y: 2, zoom: 0.5 },
    })
  })

  test.each([
    'no JSON',
    '[]',
    'null',
    '{"version":2,"theme":"dark"}',
    '{"version":1,"theme":"pink","threads":"many","engine":"quantum","openFolder":7}',
  ])('that were kept as %s are the defaults', async (kept) => {
    const path = join(temporaryFolder(), 'library.db')
    const library = openLibrary(path)
    library.settings.set('settings', kept)
    library.close()
    expect(await openHost(path).request('settings.get', {})).toEqual({
      theme: 'system',
      threads: null,
      engine: 'auto',
      openFolder: null,
    })
  })

  test('one wrong field does not cost the others', async () => {
    const path = join(temporaryFolder(), 'library.db')
    const library = openLibrary(path)
    library.settings.set('settings', '{"version":1,"theme":"dark","threads":-4}')
    library.close()
    expect(await openHost(path).request('settings.get', {})).toMatchObject({ theme: 'dark', threads: null })
  })

  test('of a folder that is not one of the user’s are not kept', async () => {
    const change = openHost().request('view.set', { folder: 'unknown', view: { layout: 'radial' } })
    expect(await codeOf(change)).toBe('folder-unknown')
  })
})

test('a part of a graph is exported by the code of the command line', async () => {
  const models = temporaryFolder()
  writeModel(models, 'one', 8, 1)
  writeModel(models, 'two', 8, 2)
  const host = openHost()
  const folder = await host.grant(models)
  await scanFolder(host, folder.id)
  const { text } = await host.request('export.graph', { folder: folder.id, format: 'json', models: ['two'] })
  const { graph } = await view(host, folder)
  expect(JSON.parse(text)).toEqual({ ...graph, models: graph.models.filter(({ id }) => id === 'two') })
})
