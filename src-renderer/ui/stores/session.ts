import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as v from 'valibot'
import { EngineError, type EngineFailure } from '../../../src-main/contract/errors.ts'
import type { EngineState } from '../../../src-main/contract/events.ts'
import type { Folder, HostDescription } from '../../../src-main/contract/folders.ts'
import { Settings } from '../../../src-main/contract/settings.ts'
import { useClient } from '../client/key.ts'

/** The host, the engine, the settings and the folders of the user; one of them is open. */
export const useSession = defineStore('session', () => {
  const client = useClient()
  const host = shallowRef<HostDescription | null>(null)
  const engine = shallowRef<EngineState>({ state: 'ready', message: '' })
  /** How often the engine came back: what it had to say meanwhile was not heard. */
  const returns = ref(0)
  const settings = shallowRef<Settings>(v.parse(Settings, {}))
  const folders = shallowRef<readonly Folder[]>([])
  /** True once the engine has answered for the first time. */
  const started = ref(false)
  /** The last thing that did not work, until it is dismissed. */
  const failure = shallowRef<EngineFailure | null>(null)
  /** Something worth knowing that is not a failure. */
  const message = ref('')
  /** The message that was read and dismissed. */
  const dismissed = ref('')

  const folder = computed(() => folders.value.find(({ id }) => id === settings.value.openFolder) ?? null)
  const hasLibrary = computed(() => ['ready', 'damaged-and-rebuilt', undefined].includes(host.value?.library.state))

  /** Runs an action of the user; what goes wrong is shown, and the result is then undefined. */
  async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action()
    } catch (error) {
      report(error)
      return undefined
    }
  }

  /** Shows what went wrong, unless it was cancelled. */
  function report(error: unknown): void {
    const known = error instanceof EngineError ? error : new EngineError('internal', String(error))
    if (known.code !== 'cancelled') failure.value = known.toFailure()
  }

  async function refresh(): Promise<void> {
    const [description, list] = await Promise.all([
      client.request('host.describe', {}),
      client.request('folders.list', {}),
    ])
    host.value = description
    folders.value = list
  }

  /** Asks for everything that the window shows first. */
  async function start(): Promise<void> {
    await attempt(async () => {
      settings.value = await client.request('settings.get', {})
      await refresh()
    })
    started.value = true
  }

  async function change(patch: Partial<Settings>): Promise<void> {
    settings.value = { ...settings.value, ...patch }
    await attempt(async () => {
      settings.value = await client.request('settings.set', { settings: patch })
    })
  }

  /** Makes a folder of the list the open one; null closes it. */
  async function open(id: string | null): Promise<void> {
    await change({ openFolder: id })
  }

  /** Takes a folder that was granted just now, opens it, and reads it if it never was. */
  async function take(granted: Folder | null | undefined): Promise<void> {
    if (!granted) return
    await attempt(refresh)
    await open(granted.id)
    if (granted.lastSeen === null) await attempt(() => client.request('scan.start', { folder: granted.id }))
  }

  async function openSample(): Promise<void> {
    await take(await attempt(() => client.request('folders.openSample', {})))
  }

  async function grant(id: string): Promise<void> {
    await take(await attempt(() => client.request('folders.grant', { folder: id })))
  }

  async function choose(): Promise<void> {
    await take(await attempt(() => client.request('folders.choose', {})))
  }

  async function forget(id: string): Promise<void> {
    await attempt(async () => {
      await client.request('folders.forget', { folder: id })
      if (settings.value.openFolder === id) await open(null)
      await refresh()
    })
  }

  client.on('folders.changed', () => void attempt(refresh))
  client.on('library.message', (event) => void (message.value = event.message))
  client.on('engine.state', (event) => {
    const back = event.state === 'ready' && engine.value.state !== 'ready'
    engine.value = event
    if (!back) return
    returns.value++
    void attempt(refresh)
  })

  return {
    host,
    engine,
    returns,
    settings,
    folders,
    folder,
    hasLibrary,
    started,
    failure,
    message,
    dismissed,
    attempt,
    report,
    start,
    change,
    open,
    take,
    openSample,
    grant,
    choose,
    forget,
  }
})
