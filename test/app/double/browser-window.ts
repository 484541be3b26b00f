import type { Page } from '@playwright/test'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { closeChromium, openChromium } from './chromium.ts'
import { PortTable, type MessagePortMain } from './ports.ts'
import { app, ipcMain, protocolHandlers, requestFilter, respond } from './services.ts'

interface WindowOptions {
  readonly show?: boolean
  readonly x?: number
  readonly y?: number
  readonly width: number
  readonly height: number
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string }
}

const shim = readFileSync(new URL('./page-shim.js', import.meta.url), 'utf8')

/** Chromium knows no scheme of ours: the pages of app://heirloom/ are at this address, and all of it is answered here. */
const WEB = 'https://heirloom.invalid/'
const APP = 'app://heirloom/'
const asApp = (url: string): string => (url.startsWith(WEB) ? APP + url.slice(WEB.length) : url)

type Call = (...values: unknown[]) => unknown

class WebContents extends EventEmitter {
  readonly ports = new PortTable()
  windowOpenHandler: (() => { action: string }) | null = null
  page: Page | null = null
  readonly mainFrame = new Frame(this, null)

  setWindowOpenHandler(handler: () => { action: string }): void {
    this.windowOpenHandler = handler
  }

  getURL(): string {
    return this.mainFrame.url
  }

  send(channel: string, ...args: unknown[]): void {
    this.deliver(channel, args, [])
  }

  deliver(channel: string, args: unknown[], ports: readonly MessagePortMain[]): void {
    const run = (name: string, ...values: unknown[]): void => {
      const call = (given: unknown[]): unknown =>
        (globalThis as unknown as Record<string, Call>)[given[0] as string]!(...given.slice(1))
      // A page that was closed meanwhile hears nothing. Typed arrays and NaN arrive as what they are.
      void this.page?.evaluate(call, [name, ...values]).catch(() => {})
    }
    const ids = ports.map((port) =>
      this.ports.hand(port, (id) => ({
        send: (data) => run('__portMessage', id, data),
        close: () => run('__portClosed', id),
      })),
    )
    run('__deliver', channel, args, ids)
  }
}

export class Frame {
  readonly #contents: WebContents
  readonly parent: Frame | null
  readonly #url: string | null

  constructor(contents: WebContents, parent: Frame | null, url: string | null = null) {
    this.#contents = contents
    this.parent = parent
    this.#url = url
  }

  get url(): string {
    return this.#url ?? asApp(this.#contents.page?.url() ?? '')
  }

  send(channel: string, ...args: unknown[]): void {
    this.#contents.deliver(channel, args, [])
  }

  postMessage(channel: string, message: unknown, ports: readonly MessagePortMain[]): void {
    this.#contents.deliver(channel, [message], ports)
  }
}

/** A window whose contents are a page of a real Chromium. */
export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = []
  readonly options: WindowOptions
  readonly webContents = new WebContents()
  visible = false
  #bounds: { x: number; y: number; width: number; height: number }
  #maximized = false
  #gone = false

  constructor(options: WindowOptions) {
    super()
    this.options = options
    this.visible = options.show ?? true
    this.#bounds = { x: 0, y: 0, ...options }
    BrowserWindow.all.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }

  show(): void {
    this.visible = true
  }
  focus(): void {}
  restore(): void {}
  maximize(): void {
    this.#maximized = true
  }
  isMinimized(): boolean {
    return false
  }
  isMaximized(): boolean {
    return this.#maximized
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    const { x, y, width, height } = this.#bounds
    return { x, y, width, height }
  }

  async loadURL(url: string): Promise<void> {
    const browser = await openChromium()
    const page = await browser.newPage({ viewport: { width: this.options.width, height: this.options.height } })
    const { webContents } = this
    if (this.#gone) return page.close()
    webContents.page = page
    page.on('crash', () => {
      webContents.ports.closeAll()
      webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    })
    const event = { senderFrame: webContents.mainFrame, sender: webContents }
    await page.exposeFunction('__send', (channel: string, args: unknown[]) => ipcMain.emit(channel, event, ...args))
    await page.exposeFunction('__invoke', (channel: string, args: unknown[]) => ipcMain.invoke(channel, event, args))
    await page.exposeFunction('__port', (id: number, data: unknown) => webContents.ports.message(id, data))
    await page.addInitScript(
      shim.replace('/* SOURCE */', () => readFileSync(this.options.webPreferences.preload, 'utf8')),
    )
    await page.route('**/*', async (route) => {
      const target = asApp(route.request().url())
      if (requestFilter.refuses(target)) return route.abort('blockedbyclient')
      const handler = protocolHandlers.get(new URL(target).protocol.slice(0, -1))
      return handler ? route.fulfill(await respond(handler, target)) : route.abort('failed')
    })
    page.on('popup', (popup) => void popup.close())
    page.once('load', () => this.emit('ready-to-show'))
    await page.goto(WEB + url.slice(APP.length))
  }

  async close(): Promise<void> {
    this.emit('close')
    await this.destroy()
  }

  async destroy(): Promise<void> {
    if (this.#gone) return
    this.#gone = true
    this.webContents.ports.closeAll()
    await this.webContents.page?.close()
    this.emit('closed')
    BrowserWindow.all.splice(BrowserWindow.all.indexOf(this), 1)
    if (BrowserWindow.all.length === 0) app.emit('window-all-closed')
  }
}

export async function closeAllPages(): Promise<void> {
  await closeChromium()
}
