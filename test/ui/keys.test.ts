import { describe, expect, test } from 'vitest'
import { actionOf, type Pressed } from '../../src-renderer/ui/keyboard/keys.ts'

const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})
const here = { mac: false, typing: false }

describe('keys of the window', () => {
  test.each([
    [press('o', { ctrlKey: true }), 'open'],
    [press('f', { ctrlKey: true }), 'find'],
    [press('E', { ctrlKey: true, shiftKey: true }), 'export'],
    [press('z', { ctrlKey: true }), 'undo'],
    [press('Z', { ctrlKey: true, shiftKey: true }), 'redo'],
    [press('y', { ctrlKey: true }), 'redo'],
    [press('?', { shiftKey: true }), 'shortcuts'],
    [press('Escape'), 'back'],
  ])('%o', (pressed, command) => {
    expect(actionOf(pressed, here)).toEqual({ kind: 'command', command })
  })

  test('a Mac takes Cmd where others take Ctrl', () => {
    expect(actionOf(press('o', { metaKey: true }), { ...here, mac: true })).toEqual({
      kind: 'command',
      command: 'open',
    })
    expect(actionOf(press('o', { ctrlKey: true }), { ...here, mac: true })).toBeNull()
  })

  test('digits open folders, with Ctrl or with Alt', () => {
    expect(actionOf(press('1', { ctrlKey: true }), here)).toEqual({ kind: 'folder', place: 0 })
    expect(actionOf(press('9', { altKey: true }), here)).toEqual({ kind: 'folder', place: 8 })
    expect(actionOf(press('3'), here)).toBeNull()
  })

  test('F6 moves between regions, with Shift backwards', () => {
    expect(actionOf(press('F6'), here)).toEqual({ kind: 'region', step: 1 })
    expect(actionOf(press('F6', { shiftKey: true }), here)).toEqual({ kind: 'region', step: -1 })
  })

  test('letters, zoom and copy stay with the field and the browser', () => {
    expect(actionOf(press('?', { shiftKey: true }), { ...here, typing: true })).toBeNull()
    expect(actionOf(press('+', { ctrlKey: true }), here)).toBeNull()
    expect(actionOf(press('c', { ctrlKey: true }), here)).toBeNull()
    expect(actionOf(press('o', { ctrlKey: true, altKey: true }), here)).toBeNull()
  })
})
