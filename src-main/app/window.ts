import { app, BrowserWindow, screen } from 'electron'
import { join } from 'node:path'
import { PAGES } from './pages.ts'
import { sandboxed } from './sandbox.ts'
import { readWindowState, writeWindowState } from './window-state.ts'

/** The mock's smallest window. */
const SMALLEST = { minWidth: 720, minHeight: 480 }

/** Opens the window where it was last, on paper or ink as the system is, and shows it when there is something to see. */
export function openWindow(background: string): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json')
  const {
    maximized,
    version: _,
    ...bounds
  } = readWindowState(
    file,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  )
  const window = new BrowserWindow({
    ...bounds,
    ...SMALLEST,
    show: false,
    title: 'Heirloom',
    backgroundColor: background,
    webPreferences: sandboxed('ui'),
  })
  if (maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () =>
    writeWindowState(file, { version: 1, ...window.getNormalBounds(), maximized: window.isMaximized() }),
  )
  void window.loadURL(PAGES.ui)
  return window
}
