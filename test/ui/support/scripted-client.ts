import * as v from 'valibot'
import type { EngineClient } from '../../../src-main/contract/client.ts'
import { EngineError } from '../../../src-main/contract/errors.ts'
import type { EventKind, Events } from '../../../src-main/contract/events.ts'
import type { Folder, FolderView, HostDescription } from '../../../src-main/contract/folders.ts'
import type { RequestKind, Requests } from '../../../src-main/contract/requests.ts'
import { Settings, ViewState } from '../../../src-main/contract/settings.ts'

/** What a scripted engine knows. */
export interface World {
  readonly host: HostDescription
  readonly folders: readonly Folder[]
  /** By the id of a folder. */
  readonly views: Readonly<Record<string, FolderView>>
  readonly settings: Partial<Settings>
  /** Answers of other requests, given or computed. */
  readonly answers?: {
    readonly [Kind in RequestKind]?: (parameters: Requests[Kind]['parameters']) => Requests[Kind]['result']
  }
}

export interface ScriptedClient extends EngineClient {
  /** As if the engine had told. */
  readonly emit: <Kind extends EventKind>(kind: Kind, event: Events[Kind]) => void
  /** Every request so far, oldest first. */
  readonly requests: readonly { readonly kind: RequestKind; readonly parameters: unknown }[]
}

/** An engine in the page that answers from what it was given; settings and views are kept as they are changed. */
export function scriptedClient(world: World): ScriptedClient {
  let settings = v.parse(Settings, world.settings)
  const views = new Map<string, ViewState>()
  const listeners = new Map<EventKind, Set<(event: never) => void>>()
  const requests: { kind: RequestKind; parameters: unknown }[] = []

  const builtIn: World['answers'] = {
    'host.describe': () => world.host,
    'folders.list': () => world.folders,
    'graph.get': ({ folder }) => {
      const view = world.views[folder]
      if (!view) throw new EngineError('folder-unknown', 'There is no such folder.')
      return view
    },
    'settings.get': () => settings,
    'settings.set': ({ settings: patch }) => (settings = v.parse(Settings, { ...settings, ...patch })),
    'view.get': ({ folder }) => views.get(folder) ?? v.parse(ViewState, {}),
    'view.set': ({ folder, view }) => {
      const next = v.parse(ViewState, { ...views.get(folder), ...view })
      views.set(folder, next)
      return next
    },
  }

  return {
    requests,
    async request(kind, parameters, options) {
      requests.push({ kind, parameters })
      // Nothing answers before the next turn, as nothing does over a wire.
      await Promise.resolve()
      if (options?.signal?.aborted) throw new EngineError('cancelled', 'It was cancelled.')
      const answer = world.answers?.[kind] ?? builtIn[kind]
      if (!answer) throw new EngineError('not-here', `Nobody answers ${kind} here.`)
      return (answer as (given: typeof parameters) => never)(parameters)
    },
    on(kind, listener) {
      const those = listeners.get(kind) ?? new Set()
      listeners.set(kind, those.add(listener))
      return () => those.delete(listener)
    },
    emit(kind, event) {
      for (const listener of listeners.get(kind) ?? []) listener(event as never)
    },
  }
}
