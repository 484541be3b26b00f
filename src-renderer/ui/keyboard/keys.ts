import type { Command } from '../stores/commands.ts'

/** The part of a KeyboardEvent that decides. */
export interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

export type KeyAction =
  | { readonly kind: 'command'; readonly command: Command }
  /** One of the folders, 0 for the first. */
  | { readonly kind: 'folder'; readonly place: number }
  | { readonly kind: 'region'; readonly step: 1 | -1 }

// With Ctrl, or Cmd on a Mac.
const WITH_MOD: Readonly<Record<string, Command>> = {
  o: 'open',
  f: 'find',
  z: 'undo',
  y: 'redo',
  ',': 'settings',
  b: 'library',
}
const WITH_MOD_SHIFT: Readonly<Record<string, Command>> = { e: 'export', z: 'redo' }

/**
 * What a key asks of the window; null where it is none of its keys.
 *
 * @param typing whether a field has the focus, so that letters are its own
 */
export function actionOf(pressed: Pressed, { mac, typing }: { mac: boolean; typing: boolean }): KeyAction | null {
  const { key, shiftKey, altKey } = pressed
  const mod = mac ? pressed.metaKey : pressed.ctrlKey
  if (key === 'F6') return { kind: 'region', step: shiftKey ? -1 : 1 }
  // Browsers keep Ctrl and a digit for their tabs: Alt does the same.
  if ((mod || altKey) && !shiftKey && /^[1-9]$/.test(key)) return { kind: 'folder', place: Number(key) - 1 }
  if (mod && !altKey) return command((shiftKey ? WITH_MOD_SHIFT : WITH_MOD)[key.toLowerCase()])
  if (mod || altKey) return null
  if (key === 'Escape') return command('back')
  return key === '?' && !typing ? command('shortcuts') : null
}

function command(name: Command | undefined): KeyAction | null {
  return name === undefined ? null : { kind: 'command', command: name }
}

export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform)

/** As it is written on the keys of this machine: `Ctrl O`, or `⌘ O` on a Mac. */
export function keyText(keys: string): string {
  return isMac ? keys.replace('Ctrl', '⌘').replace('Shift', '⇧').replace('Alt', '⌥') : keys
}
