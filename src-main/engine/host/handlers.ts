import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Emitter } from '../../contract/emitter.ts'
import { EngineError } from '../../contract/errors.ts'
import type { Folder, FolderView, HostDescription } from '../../contract/folders.ts'
import type { RequestKind, Requests } from '../../contract/requests.ts'
import type { StoredFolder } from '../../library/types.ts'
import { FolderBrowser } from './browse.ts'
import { exportGraph } from './export-graph.ts'
import type { Evidence, OpenFolder } from './evidence.ts'
import { EMPTY_GRAPH, type FolderGraphs } from './folder-graphs.ts'
import type { FolderRegistry } from './folder-registry.ts'
import { folderName, samplePath, stateOf } from './folder-registry.ts'
import type { LibraryAccess } from './library-access.ts'
import type { EngineHostOptions } from './options.ts'
import { changeSettings, changeView, readSettings, readView } from './preferences.ts'
import type { Scans } from './scans.ts'
import { describeFolder, describeView } from './views.ts'

/** Answers to all requests; the parameters have been checked. */
export type Handlers = {
  readonly [Kind in RequestKind]: (
    parameters: Requests[Kind]['parameters'],
    signal: AbortSignal | undefined,
  ) => Requests[Kind]['result'] | Promise<Requests[Kind]['result']>
}

export interface Services {
  readonly options: EngineHostOptions
  readonly library: LibraryAccess
  readonly folders: FolderRegistry
  readonly graphs: FolderGraphs
  readonly scans: Scans
  readonly evidence: Evidence
  readonly emitter: Emitter
}

export function createHandlers(services: Services): Handlers {
  const { options, library, folders, graphs, scans, evidence, emitter } = services
  const { desktop } = options
  const browser = new FolderBrowser()

  const view = async (id: string): Promise<FolderView> => {
    const folder = folders.find(id)
    return describeView(folder, await stateOf(folder.path), graphs.get(id), scans.active(id))
  }
  const notHere = (): never => {
    throw new EngineError('not-here', 'This host does not do that.')
  }
  const open = (id: string): OpenFolder => {
    const graph = scans.active(id)?.graph() ?? graphs.get(id)?.graph ?? EMPTY_GRAPH
    return { folder: folders.find(id), graph }
  }
  const reachable = async (id: string): Promise<StoredFolder> => {
    const folder = folders.find(id)
    if ((await stateOf(folder.path)) === 'missing') {
      throw new EngineError('folder-missing', `${folder.path} cannot be reached now.`)
    }
    return folder
  }

  return {
    'host.describe': () => describeHost(options, library),
    'folders.list': async () => {
      const usable = library.getIfUsable()
      if (!usable) return []
      const states = await folders.states()
      const counts = usable.folders.counts()
      return folders
        .list()
        .map((folder) =>
          describeFolder(folder, states.get(folder.id) ?? 'missing', counts.get(folder.id), scans.progress(folder.id)),
        )
    },
    'folders.choose': async () => {
      const path = desktop ? await desktop.chooseFolder() : notHere()
      return path === null ? null : grantFolder(services, path)
    },
    'folders.browse': ({ folder }) => (desktop ? notHere() : browser.list(folder)),
    'folders.grant': ({ folder }) => (desktop ? notHere() : grantFolder(services, browser.path(folder))),
    'folders.openSample': () => grantFolder(services, samplePath()),
    'folders.forget': async ({ folder }) => {
      folders.find(folder)
      await scans.forget(folder)
      folders.forget(folder)
      graphs.forget(folder)
      emitter.emit('folders.changed', {})
      return null
    },
    'folders.reveal': ({ folder, path }) => {
      const { path: root } = folders.find(folder)
      if (!desktop) return notHere()
      const { models, problems } = open(folder).graph
      const known = [...models, ...problems].some((one) => one.path === path)
      if (!known) throw new EngineError('model-unknown', 'There is no such model in this folder.')
      desktop.reveal(join(root, path))
      return null
    },
    'scan.start': async ({ folder }) => {
      scans.start(await reachable(folder))
      return null
    },
    'scan.retry': async ({ folder, path }) => {
      const problem = open(folder).graph.problems.find((one) => one.path === path)
      if (!problem) throw new EngineError('model-unknown', 'There is no such problem in this folder.')
      scans.retry(await reachable(folder), problem)
      return null
    },
    'scan.pause': ({ folder }) => {
      scans.pause(folder)
      return null
    },
    'scan.resume': ({ folder }) => {
      scans.resume(folder)
      return null
    },
    'scan.cancel': async ({ folder }) => {
      await scans.cancel(folder)
      return null
    },
    'graph.get': ({ folder }) => view(folder),
    'evidence.relation': ({ folder, parent, child }, signal) => evidence.relation(open(folder), parent, child, signal),
    'evidence.tensor': ({ folder, a, b, tensor }, signal) => evidence.tensor(open(folder), a, b, tensor, signal),
    'models.compare': ({ folder, a, b }, signal) => evidence.compare(open(folder), a, b, signal),
    'models.identify': ({ folder, model }, signal) => evidence.identify(open(folder), model, folders.list(), signal),
    'export.graph': ({ folder: id, format, models }) => {
      const { folder, graph } = open(id)
      return exportGraph(graph, folderName(folder.path), format, models)
    },
    'settings.get': () => readSettings(library.getIfUsable()?.settings),
    'settings.set': ({ settings }) => changeSettings(library.get().settings, settings),
    'view.get': ({ folder }) => readView(library.getIfUsable()?.settings, folder),
    'view.set': ({ folder, view }) => changeView(library.get().settings, folders.find(folder).id, view),
  }
}

/** Makes a folder one of the user's. */
export async function grantFolder({ folders, library, scans, emitter }: Services, path: string): Promise<Folder> {
  const folder = await folders.grant(path)
  emitter.emit('folders.changed', {})
  const counts = library.get().folders.counts().get(folder.id)
  return describeFolder(folder, await stateOf(folder.path), counts, scans.progress(folder.id))
}

function describeHost({ version, desktop }: EngineHostOptions, library: LibraryAccess): HostDescription {
  const cores = availableParallelism()
  return {
    host: desktop ? 'desktop' : 'browser',
    version,
    library: library.describe(),
    threads: readSettings(library.getIfUsable()?.settings).threads ?? cores,
    can: { choose: desktop !== undefined, browse: desktop === undefined, reveal: desktop !== undefined },
  }
}
