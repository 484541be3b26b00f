import { relative } from 'node:path'
import * as v from 'valibot'
import type { CancelSignal, EngineClient } from '../../contract/client.ts'
import { createEmitter } from '../../contract/emitter.ts'
import { EngineError } from '../../contract/errors.ts'
import type { Folder } from '../../contract/folders.ts'
import { isRequestKind, PARAMETERS, type RequestKind, type Requests } from '../../contract/requests.ts'
import { defaultLibraryPath } from '../../library/default-path.ts'
import { openAnalyst } from '../analysis/analyst.ts'
import { Evidence } from './evidence.ts'
import { FolderGraphs } from './folder-graphs.ts'
import { FolderRegistry } from './folder-registry.ts'
import { createHandlers, grantFolder } from './handlers.ts'
import { LibraryAccess, libraryError } from './library-access.ts'
import type { EngineHostOptions } from './options.ts'
import { Scans } from './scans.ts'

/** Between two looks at which drives are there, in milliseconds. */
const LOOK_EVERY = 5000

/** The engine, for every host: it answers requests and emits events, whatever carries them. */
export interface EngineHost extends EngineClient {
  /** Makes a folder one of the user's: for paths that come from the user and not from a page. */
  grant(path: string): Promise<Folder>
  /** Ends scans in order; what is finished stays. */
  close(): Promise<void>
}

export function openEngineHost(options: EngineHostOptions): EngineHost {
  const emitter = createEmitter()
  const library = new LibraryAccess(options.library ?? defaultLibraryPath(), (message, rebuilt) => {
    if (rebuilt) {
      graphs.forgetAll()
      emitter.emit('folders.changed', {})
    }
    emitter.emit('library.message', { message })
  })
  const folders = new FolderRegistry(library)
  const graphs = new FolderGraphs(library)
  const scans = new Scans(library, graphs, emitter, options)
  const evidence = new Evidence(() => openAnalyst({ library: library.path }))
  const services = { options, library, folders, graphs, scans, evidence, emitter }
  const handlers = createHandlers(services)
  if (options.diedOn) goOnAfter(options.diedOn, library, folders, scans)
  const stopLooking = lookForDrives(library, folders, () => emitter.emit('folders.changed', {}))

  return {
    async request<Kind extends RequestKind>(
      kind: Kind,
      parameters: Requests[Kind]['parameters'],
      { signal }: { readonly signal?: CancelSignal } = {},
    ): Promise<Requests[Kind]['result']> {
      if (!isRequestKind(kind)) throw new EngineError('request-unknown', `There is no request "${String(kind)}".`)
      const parsed = v.safeParse(PARAMETERS[kind] as v.GenericSchema<unknown, typeof parameters>, parameters)
      if (!parsed.success) throw new EngineError('request-invalid', `${kind}: ${v.summarize(parsed.issues)}`)
      if (signal?.aborted) throw new EngineError('cancelled', 'It was cancelled.')
      try {
        return await handlers[kind](parsed.output, signal as AbortSignal | undefined)
      } catch (error) {
        throw libraryError(error)
      }
    },
    on: emitter.on,
    grant: async (path) => {
      try {
        return await grantFolder(services, path)
      } catch (error) {
        throw libraryError(error)
      }
    },
    close: async () => {
      stopLooking()
      await evidence.close()
      await scans.close()
      library.close()
    },
  }
}

/** The scans that a dead engine left: those of the folders with the model that it died on. */
function goOnAfter(model: string, library: LibraryAccess, folders: FolderRegistry, scans: Scans): void {
  if (!library.getIfUsable()) return
  for (const folder of folders.list()) if (!relative(folder.path, model).startsWith('..')) scans.start(folder)
}

/** Tells when a drive comes or goes. */
function lookForDrives(library: LibraryAccess, folders: FolderRegistry, changed: () => void): () => void {
  let last = ''
  const look = async (): Promise<void> => {
    if (!library.getIfUsable()) return
    const now = [...(await folders.states())].sort().join()
    if (last !== '' && now !== last) changed()
    last = now
  }
  const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY)
  timer.unref()
  return () => clearInterval(timer)
}
