import { describe, expect, test } from 'vitest'
import { EngineError } from '../../src-main/contract/errors.ts'
import { useLibrary } from '../../src-renderer/ui/stores/library.ts'
import { useScan } from '../../src-renderer/ui/stores/scan.ts'
import { useSelection } from '../../src-renderer/ui/stores/selection.ts'
import { useSession } from '../../src-renderer/ui/stores/session.ts'
import { useView } from '../../src-renderer/ui/stores/view.ts'
import { aGraph, aModel } from '../support/graphs.ts'
import { settle, startStores } from './support/app.ts'
import { checkpoints } from './support/checkpoints.ts'
import { aFolder, aHost, aScan, aView, aWorld } from './support/worlds.ts'

describe('the session', () => {
  test('opens the folder that was open last', async () => {
    startStores(aWorld(checkpoints()))
    const session = useSession()
    const library = useLibrary()
    await session.start()
    await settle()
    expect(session.folder?.id).toBe('one')
    expect(library.state).toBe('ready')
    expect(library.graph?.models).toHaveLength(41)
  })

  test('shows what went wrong with its remedy, and goes on', async () => {
    const answers = {
      'folders.openSample': () => {
        throw new EngineError('folder-missing', 'The sample family is not there.')
      },
    }
    startStores({ ...aWorld(checkpoints()), answers })
    const session = useSession()
    await session.start()
    await session.openSample()
    expect(session.failure).toEqual({
      code: 'folder-missing',
      message: 'The sample family is not there.',
      remedy: 'Connect the drive or the share again, then scan the folder.',
    })
    expect(session.folder?.id).toBe('one')
  })

  test('says nothing of what was cancelled', () => {
    startStores(aWorld(checkpoints()))
    const session = useSession()
    session.report(new EngineError('cancelled', 'It was cancelled.'))
    expect(session.failure).toBeNull()
  })

  test('reads a folder that was never read, and no other', async () => {
    const fresh = aFolder('two', { lastSeen: null })
    const scans: string[] = []
    const client = startStores({
      ...aWorld(checkpoints()),
      folders: [aFolder('one'), fresh],
      answers: { 'scan.start': ({ folder }) => (scans.push(folder), null) },
    })
    const session = useSession()
    await session.start()
    await session.take(fresh)
    await session.take(aFolder('one'))
    expect(scans).toEqual(['two'])
    expect(client.requests.filter(({ kind }) => kind === 'settings.set')).toHaveLength(2)
  })

  test('asks again once a lost engine is back', async () => {
    const client = startStores(aWorld(checkpoints()))
    const session = useSession()
    await session.start()
    client.emit('engine.state', { state: 'restarting', message: 'It stopped.' })
    expect(session.engine.state).toBe('restarting')
    const before = client.requests.length
    client.emit('engine.state', { state: 'ready', message: '' })
    await settle()
    expect(client.requests.slice(before).map(({ kind }) => kind)).toContain('folders.list')
  })

  test('has no library while another program holds it', async () => {
    const library = { ...aHost().library, state: 'locked' as const }
    startStores({ ...aWorld(checkpoints()), host: aHost({ library }) })
    const session = useSession()
    await session.start()
    expect(session.hasLibrary).toBe(false)
  })
})

describe('the curve of a scan', () => {
  test('begins with the first speed that was measured', async () => {
    const client = startStores(aWorld(checkpoints()))
    const scan = useScan()
    await useSession().start()
    client.emit('scan.progress', aScan({ bytesPerSecond: null }))
    client.emit('scan.progress', aScan({ bytesPerSecond: 5 }))
    client.emit('scan.progress', aScan({ state: 'paused', bytesPerSecond: null }))
    expect(scan.rates.map(({ bytesPerSecond }) => bytesPerSecond)).toEqual([5, 0])
  })
})

describe('the library', () => {
  test('follows the graph while it grows', async () => {
    let view = aView('one', aGraph([aModel('a')]))
    const client = startStores({ ...aWorld(checkpoints()), answers: { 'graph.get': () => view } })
    const session = useSession()
    const library = useLibrary()
    await session.start()
    await settle()
    view = aView('one', aGraph([aModel('a'), aModel('b')]))
    client.emit('graph.changed', { folder: 'another' })
    await settle()
    expect(library.models.size).toBe(1)
    client.emit('graph.changed', { folder: 'one' })
    await settle()
    expect(library.models.size).toBe(2)
  })

  test('has the bad files of a running scan before the graph has them', async () => {
    const graph = { ...checkpoints(), problems: [] }
    const client = startStores(aWorld(graph))
    const library = useLibrary()
    await useSession().start()
    await settle()
    client.emit('scan.progress', aScan({ problems: checkpoints().problems }))
    expect(library.counts.problems).toBe(2)
    client.emit('scan.progress', aScan({ state: 'done' }))
    expect(library.counts.problems).toBe(0)
  })

  test('keeps a family selected that is numbered anew', async () => {
    const members = (family: string, ...ids: string[]) => ids.map((id) => aModel(id, { family }))
    let view = aView('one', aGraph([...members('family-1', 'a', 'b'), ...members('family-2', 'x', 'y', 'z')]))
    const client = startStores({ ...aWorld(checkpoints()), answers: { 'graph.get': () => view } })
    const selection = useSelection()
    useLibrary()
    await useSession().start()
    await settle()
    selection.select({ kind: 'family', family: 'family-2' })
    view = aView('one', aGraph([...members('family-2', 'a', 'b', 'x'), ...members('family-1', 'y', 'z')]))
    client.emit('graph.changed', { folder: 'one' })
    await settle()
    expect(selection.current).toEqual({ kind: 'family', family: 'family-1' })
    view = aView('one', aGraph([aModel('y')]))
    client.emit('graph.changed', { folder: 'one' })
    await settle()
    expect(selection.current).toBeNull()
  })

  test('counts what waits as the scan does, whatever the graph knows yet', async () => {
    const waiting = ['x', 'y', 'z'].map((path) => ({ path, bytes: 1 }))
    const view = aView('one', aGraph([aModel('a')]), { waiting })
    const client = startStores({ ...aWorld(checkpoints()), answers: { 'graph.get': () => view } })
    const library = useLibrary()
    await useSession().start()
    await settle()
    const current = { path: 'y', bytesDone: 0, bytes: 1 }
    client.emit('scan.progress', aScan({ state: 'reading', modelsDone: 1, modelsToRead: 3, current }))
    expect(library.counts.waiting).toBe(1)
    client.emit('scan.progress', aScan({ state: 'relating', modelsDone: 3, modelsToRead: 3, current: null }))
    expect(library.counts.waiting).toBe(0)
  })

  test('knows which models a selected family stands for', async () => {
    startStores(aWorld(checkpoints()))
    const library = useLibrary()
    await useSession().start()
    await settle()
    useSelection().select({ kind: 'family', family: 'family-3' })
    expect(library.selected).toHaveLength(5)
  })
})

describe('the selection', () => {
  test('takes models in and out, and is a pair with two', () => {
    startStores(aWorld(checkpoints()))
    const selection = useSelection()
    selection.select({ kind: 'model', model: 'a' })
    selection.toggle('b')
    expect(selection.pair).toEqual(['a', 'b'])
    selection.toggle('c')
    expect(selection.pair).toBeNull()
    selection.toggle('a')
    expect(selection.models).toEqual(['b', 'c'])
    selection.toggle('b')
    selection.toggle('c')
    expect(selection.current).toBeNull()
  })

  test('of a relation is its two ends', () => {
    startStores(aWorld(checkpoints()))
    const selection = useSelection()
    selection.select({ kind: 'relation', parent: 'a', child: 'b' })
    expect(selection.pair).toEqual(['a', 'b'])
  })
})

describe('the view', () => {
  test('takes steps back, but not where it was moved to', () => {
    startStores(aWorld(checkpoints()))
    const view = useView()
    view.change({ layout: 'radial' })
    view.viewport = { x: 1, y: 2, zoom: 3 }
    view.toggleCollapsed('a')
    view.undo()
    expect([...view.collapsed]).toEqual([])
    expect(view.layout).toBe('radial')
    view.undo()
    expect(view.layout).toBe('change')
    expect(view.canUndo).toBe(false)
    expect(view.viewport).toEqual({ x: 1, y: 2, zoom: 3 })
  })

  test('a change to what it is already is no step', () => {
    startStores(aWorld(checkpoints()))
    const view = useView()
    view.change({ layout: 'change', collapsed: [] })
    expect(view.canUndo).toBe(false)
  })
})

describe('the scan', () => {
  test('opens its sheet when there is something to read, and closes it when all went well', async () => {
    const client = startStores(aWorld(checkpoints()))
    const scan = useScan()
    await useSession().start()
    client.emit('scan.progress', aScan({ state: 'walking', modelsToRead: 0 }))
    expect(scan.sheet).toBeNull()
    client.emit('scan.progress', aScan())
    expect(scan.sheet).toBe('scan')
    client.emit('scan.progress', aScan({ state: 'done' }))
    expect(scan.sheet).toBeNull()
    expect(scan.running).toBe(false)
  })

  test('keeps its sheet where files could not be read', async () => {
    const client = startStores(aWorld(checkpoints()))
    const scan = useScan()
    await useSession().start()
    client.emit('scan.progress', aScan())
    client.emit('scan.progress', aScan({ state: 'done', problemCount: 2, problems: checkpoints().problems }))
    expect(scan.sheet).toBe('scan')
  })

  test('that was running before the window came shows its sheet too', async () => {
    startStores(aWorld(checkpoints(), { folder: { scan: aScan() } }))
    const scan = useScan()
    await useSession().start()
    expect(scan.sheet).toBe('scan')
  })

  test('that was told before the folder was known shows its sheet too', async () => {
    const client = startStores(aWorld(checkpoints()))
    const scan = useScan()
    client.emit('scan.progress', aScan())
    await useSession().start()
    expect(scan.sheet).toBe('scan')
  })

  test('goes on after a pause without opening a sheet that was hidden', async () => {
    const client = startStores(aWorld(checkpoints()))
    const scan = useScan()
    await useSession().start()
    client.emit('scan.progress', aScan())
    scan.sheet = null
    client.emit('scan.progress', aScan({ state: 'paused' }))
    client.emit('scan.progress', aScan())
    expect(scan.sheet).toBeNull()
  })

  test('of another folder leaves this one alone', async () => {
    const client = startStores(aWorld(checkpoints()))
    const scan = useScan()
    await useSession().start()
    client.emit('scan.progress', aScan({ folder: 'another' }))
    expect(scan.progress).toBeNull()
    expect(scan.sheet).toBeNull()
  })
})
