import type { BrowserWindow } from 'electron'
import { app, crashReporter, dialog, nativeTheme, shell } from 'electron'
import log from 'electron-log/main'
import { dirname, join } from 'node:path'
import { packageVersion } from '../engine/package-root.ts'
import { ComputeWindow } from './compute-window.ts'
import { EngineProcess } from './engine-process.ts'
import { guardPages } from './guard.ts'
import { setMenu } from './menu.ts'
import { answerPages } from './page-requests.ts'
import { registerPageScheme, servePages } from './pages.ts'
import { openWindow } from './window.ts'

/** The canvas of the page in each theme, so that the window does not flash. */
const PAPER = '#faf8f3'
const INK = '#141619'

// Crash dumps and logs stay on this machine.
crashReporter.start({ uploadToServer: false })
log.transports.console.level = app.isPackaged ? false : 'info'
log.errorHandler.startCatching({ showDialog: false })

if (app.requestSingleInstanceLock()) run()
else app.quit()

function run(): void {
  let window: BrowserWindow | null = null
  let engine: EngineProcess | null = null

  registerPageScheme()
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (!engine) return
    // The engine ends its scans and closes its library first.
    event.preventDefault()
    const ending = engine
    engine = null
    void ending.close().finally(() => app.quit())
  })

  void app.whenReady().then(() => {
    guardPages()
    servePages(join(import.meta.dirname, '../renderer'))
    const compute = new ComputeWindow({
      connect: (id) => engine?.connectCompute(id) ?? null,
      gone: (id, reason) => engine?.computeGone(id, reason),
      log: (text) => log.error(text),
    })
    engine = new EngineProcess({
      version: packageVersion(),
      chooseFolder: () => chooseFolder(window),
      reveal: (path) => shell.showItemInFolder(path),
      log: (text) => log.error(text),
      compute,
    })
    answerPages(engine, compute)
    setMenu(() => window, dirname(log.transports.file.getFile().path))
    window = openWindow(nativeTheme.shouldUseDarkColors ? INK : PAPER)
    window.on('closed', () => {
      window = null
      // What nobody sees must not keep the application open.
      compute.close()
    })
  })
}

async function chooseFolder(window: BrowserWindow | null): Promise<string | null> {
  const options = { title: 'Open a folder of models', properties: ['openDirectory' as const] }
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
  return filePaths[0] ?? null
}
