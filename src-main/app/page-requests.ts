import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import * as v from 'valibot'
import { EngineError } from '../contract/errors.ts'
import type { ComputeWindow } from './compute-window.ts'
import type { EngineProcess } from './engine-process.ts'
import { isPage, type PageName } from './pages.ts'

/** Longer than any path that an operating system takes. */
const Path = v.pipe(v.string(), v.minLength(1), v.maxLength(32_768))

/** Answers the preload scripts of our own pages, each what is meant for it, and nobody else. */
export function answerPages(engine: EngineProcess, compute: ComputeWindow): void {
  ipcMain.on('engine:connect', (event) => {
    const frame = senderOf(event, 'ui')
    const port = frame && engine.connect()
    if (port) frame.postMessage('engine:port', null, [port])
    else frame?.send('engine:gone')
  })
  ipcMain.on('compute:connect', (event) => {
    const frame = senderOf(event, 'compute')
    const port = frame && compute.connect(event.sender)
    if (port) frame.postMessage('compute:port', null, [port])
  })
  /** The path comes from the preload script, which asks the system where a dropped file lies; the page never names one. */
  ipcMain.handle('folder:dropped', async (event, path: unknown) => {
    const parsed = v.safeParse(Path, path)
    if (!senderOf(event, 'ui') || !parsed.success) throw new Error('This request is refused.')
    try {
      return await engine.grant(parsed.output)
    } catch (error) {
      if (error instanceof EngineError && error.code === 'folder-missing') return null
      throw error
    }
  })
}

/** The frame that asks, if it is the main frame of that page of ours. */
function senderOf({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent, page: PageName): Electron.WebFrameMain | null {
  return senderFrame && senderFrame.parent === null && isPage(senderFrame.url, page) ? senderFrame : null
}
