import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where the double keeps what applications keep: HEIRLOOM_DOUBLE_DATA. */
const data = process.env['HEIRLOOM_DOUBLE_DATA']!

class App extends EventEmitter {
  readonly isPackaged = false
  #quitting = false

  whenReady(): Promise<void> {
    return Promise.resolve()
  }
  isReady(): boolean {
    return true
  }
  requestSingleInstanceLock(): boolean {
    return process.env['HEIRLOOM_DOUBLE_SECOND'] === undefined
  }
  getPath(name: string): string {
    const folder = join(data, name)
    mkdirSync(folder, { recursive: true })
    return folder
  }
  getAppPath(): string {
    return process.cwd()
  }
  getName(): string {
    return 'heirloom'
  }
  getVersion(): string {
    return '0.0.0'
  }

  /** As in Electron: whoever listens can put it off once. */
  quit(): void {
    let prevented = false
    this.emit('will-quit', { preventDefault: () => (prevented = true) })
    if (prevented || this.#quitting) return
    this.#quitting = true
    this.emit('quit')
  }
}
export const app = new App()

class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, (event: unknown, ...args: unknown[]) => unknown>()

  handle(channel: string, handler: (event: unknown, ...args: unknown[]) => unknown): void {
    this.#handlers.set(channel, handler)
  }

  async invoke(channel: string, event: unknown, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel)
    if (!handler) throw new Error(`No handler is registered for "${channel}".`)
    return handler(event, ...args)
  }
}
export const ipcMain = new IpcMain()

type ProtocolHandler = (request: Request) => Response | Promise<Response>
export const protocolHandlers = new Map<string, ProtocolHandler>()
export const protocol = {
  registerSchemesAsPrivileged: (): void => {},
  handle: (scheme: string, handler: ProtocolHandler): void => void protocolHandlers.set(scheme, handler),
}

export async function respond(
  handler: ProtocolHandler,
  url: string,
): Promise<{ status: number; headers: Record<string, string>; body: Buffer }> {
  const response = await handler(new Request(url))
  const body = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

type BeforeRequest = (details: { url: string }, answer: (answer: { cancel: boolean }) => void) => void
let beforeRequest: BeforeRequest = (_details, answer) => answer({ cancel: false })
export const requestFilter = {
  refuses(url: string): boolean {
    let refused = false
    beforeRequest({ url }, ({ cancel }) => (refused = cancel))
    return refused
  },
}

export const permissions = {
  request: null as ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | null,
  check: null as (() => boolean) | null,
  device: null as (() => boolean) | null,
}
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: NonNullable<typeof permissions.request>) =>
      void (permissions.request = handler),
    setPermissionCheckHandler: (handler: () => boolean) => void (permissions.check = handler),
    setDevicePermissionHandler: (handler: () => boolean) => void (permissions.device = handler),
    webRequest: { onBeforeRequest: (listener: BeforeRequest) => void (beforeRequest = listener) },
    setPreloads: (): void => {},
    getPreloads: (): string[] => [],
    registerPreloadScript: (): void => {},
  },
}

export interface MenuItem {
  readonly label?: string
  readonly role?: string
  readonly submenu?: readonly MenuItem[]
  readonly click?: () => void
}
let menu: readonly MenuItem[] = []
export const Menu = {
  buildFromTemplate: (template: readonly MenuItem[]) => template,
  setApplicationMenu: (template: readonly MenuItem[]) => void (menu = template),
}

export function clickMenu(label: string): void {
  const items = menu.flatMap(({ submenu = [] }) => submenu)
  const item = items.find((one) => one.label === label)
  if (!item?.click) throw new Error(`There is no menu item "${label}" to click.`)
  item.click()
}

/** What the next dialog gives: the paths that were chosen, none where it was closed. */
export const chosen: { paths: readonly string[] } = { paths: [] }
export const dialog = {
  showOpenDialog: () => Promise.resolve({ canceled: chosen.paths.length === 0, filePaths: [...chosen.paths] }),
  showErrorBox: (): void => {},
}

export const revealed: string[] = []
export const shell = {
  showItemInFolder: (path: string) => void revealed.push(path),
  openPath: (path: string) => Promise.resolve(void revealed.push(path)),
}

export const crashReporter = {
  options: null as { uploadToServer?: boolean } | null,
  start: (options: { uploadToServer?: boolean }) => void (crashReporter.options = options),
}
export const nativeTheme = { shouldUseDarkColors: false }
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }
