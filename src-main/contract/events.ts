import type { Problem } from './graph.ts'
import type { ScanProgress } from './scan.ts'

/** What the engine tells without being asked. */
export interface Events {
  /** A few times a second while a scan runs, and once when it ends. */
  'scan.progress': ScanProgress
  /** Ask for the graph again. Comes now and then while a scan runs, so that trees grow, and once after it. */
  'graph.changed': { readonly folder: string }
  /** Ask for the list of folders again. */
  'folders.changed': Record<string, never>
  /** Something was said about the library: damaged rows were dropped, a damaged file was set aside. */
  'library.message': { readonly message: string }
  'engine.state': EngineState
}

export interface EngineState {
  readonly state: 'ready' | 'restarting' | 'failed'
  /** One plain sentence; empty while ready. */
  readonly message: string
  /** The file that the engine was on when it died. */
  readonly problem?: Problem
}

export type EventKind = keyof Events

export const EVENT_KINDS = [
  'scan.progress',
  'graph.changed',
  'folders.changed',
  'library.message',
  'engine.state',
] as const satisfies readonly EventKind[]
