import * as v from 'valibot'
import { Settings, ViewState } from '../../contract/settings.ts'
import type { SettingStore } from '../../library/types.ts'
import { viewKey } from './folder-registry.ts'

/** Raised when a field changes its meaning; what was kept under another version is then read as if it were not there. */
const VERSION = 1
const SETTINGS_KEY = 'settings'

/** Without a library there are only the defaults, and nothing is kept. */
export function readSettings(store: SettingStore | undefined): Settings {
  return read(Settings, store, SETTINGS_KEY)
}

export function readView(store: SettingStore | undefined, folder: string): ViewState {
  return read(ViewState, store, viewKey(folder))
}

/** @returns all settings after the change */
export function changeSettings(store: SettingStore, change: Partial<Settings>): Settings {
  return write(store, SETTINGS_KEY, { ...readSettings(store), ...change })
}

export function changeView(store: SettingStore, folder: string, change: Partial<ViewState>): ViewState {
  return write(store, viewKey(folder), { ...readView(store, folder), ...change })
}

function read<Schema extends v.GenericSchema<Record<string, unknown>>>(
  schema: Schema,
  store: SettingStore | undefined,
  key: string,
): v.InferOutput<Schema> {
  const kept = parse(store?.get(key))
  const parsed = v.safeParse(schema, kept)
  return parsed.success ? parsed.output : v.parse(schema, {})
}

function write<Value extends object>(store: SettingStore, key: string, value: Value): Value {
  store.set(key, JSON.stringify({ version: VERSION, ...value }))
  return value
}

function parse(text: string | undefined): object {
  try {
    const kept: unknown = JSON.parse(text ?? '{}')
    return typeof kept === 'object' && kept !== null && 'version' in kept && kept.version === VERSION ? kept : {}
  } catch {
    return {}
  }
}
