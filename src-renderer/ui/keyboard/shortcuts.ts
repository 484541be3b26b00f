import { words } from '../words.ts'

/** What the dialog of keys lists; each region adds its own. */
export const SHORTCUTS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: words.shortcuts.groups.window,
    keys: [
      ['Ctrl O', 'Open a folder'],
      ['Ctrl F', 'Find a model'],
      ['Ctrl Shift E', 'Export'],
      ['Ctrl 1 … 9', 'Open one of the folders (in a browser Alt 1 … 9)'],
      ['Ctrl Z', 'Undo a change of the view'],
      ['Ctrl Shift Z', 'Redo it'],
      ['Ctrl ,', 'Settings'],
      ['F6', 'Next region; with Shift the one before'],
      ['Esc', 'Back'],
      ['?', 'This list'],
    ],
  },
  {
    title: words.shortcuts.groups.library,
    keys: [
      ['↑ ↓', 'Select a model; with Shift several'],
      ['Space', 'Add to the selection, or take out'],
      ['Enter', 'Why it stands where it does'],
      ['Ctrl B', 'Show or hide the library of a small window'],
    ],
  },
  {
    title: words.shortcuts.groups.forest,
    keys: [
      ['↑ ↓', 'Rows; with Shift select several'],
      ['← →', 'Parent, first child'],
      ['Shift ← →', 'Fold what descends from it, unfold'],
      ['Space', 'Add to the selection, or take out'],
      ['Enter', 'The relation that leads here, then its layers'],
      ['F', 'All of it in the window'],
      ['+ −', 'Larger, smaller'],
      ['a, b, c …', 'The next name that begins so'],
    ],
  },
  {
    title: words.shortcuts.groups.layers,
    keys: [
      ['↑ ↓ ← →', 'Cells'],
      ['1 … 4', 'Measure'],
      ['Tab', 'To the tensor'],
    ],
  },
]
