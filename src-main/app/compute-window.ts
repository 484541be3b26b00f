import { BrowserWindow, type MessagePortMain, type WebContents } from 'electron'
import { PAGES } from './pages.ts'
import { sandboxed } from './sandbox.ts'

export interface ComputeWindowSetup {
  /** The end of a new line to the engine; null where it does not run. */
  readonly connect: (id: number) => MessagePortMain | null
  /** Told when the page ended by itself. */
  readonly gone: (id: number, reason: string) => void
  readonly log: (text: string) => void
}

/** The hidden page that computes on the graphics card, while the engine wants one. */
export class ComputeWindow {
  readonly #setup: ComputeWindowSetup
  #window: BrowserWindow | null = null
  /** As the engine calls it. */
  #id = 0
  #connected = false

  constructor(setup: ComputeWindowSetup) {
    this.#setup = setup
  }

  /** A new page, instead of the one there may be. */
  open(id: number): void {
    this.close()
    this.#id = id
    this.#connected = false
    const window = new BrowserWindow({
      show: false,
      width: 320,
      height: 240,
      webPreferences: {
        ...sandboxed('compute'),
        // Nobody sees it, and it has to work all the same.
        backgroundThrottling: false,
      },
    })
    this.#window = window
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#ended(window, reason))
    window.on('closed', () => this.#ended(window, 'it was closed'))
    window.loadURL(PAGES.compute).catch((error: unknown) => this.#ended(window, String(error)))
  }

  /** The line of the page to the engine, once, and of no other contents than those of the page that was opened. */
  connect(contents: WebContents): MessagePortMain | null {
    if (this.#connected || this.#window?.webContents !== contents) return null
    this.#connected = true
    return this.#setup.connect(this.#id)
  }

  close(): void {
    const window = this.#window
    this.#window = null
    window?.destroy()
  }

  #ended(window: BrowserWindow, reason: string): void {
    // One that was let go ends as it should.
    if (this.#window !== window) return
    this.close()
    this.#setup.log(`The compute page ended: ${reason}.`)
    this.#setup.gone(this.#id, reason)
  }
}
