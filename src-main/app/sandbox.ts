import type { WebPreferences } from 'electron'
import { join } from 'node:path'

/** What every page of ours is confined by: it has the named functions of its preload script, and nothing of Node. */
export function sandboxed(preload: 'ui' | 'compute'): WebPreferences {
  return {
    preload: join(import.meta.dirname, `../preload/${preload}.cjs`),
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  }
}
