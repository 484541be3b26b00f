// Stands for the module "electron" in Electron's main process: the same names, real pages in Chromium, real processes.
import { closeAllPages, BrowserWindow, Frame } from './browser-window.ts'
import * as services from './services.ts'
import { processes } from './utility-process.ts'

export { BrowserWindow } from './browser-window.ts'
export { MessageChannelMain } from './ports.ts'
export { utilityProcess } from './utility-process.ts'
export { app, crashReporter, dialog, ipcMain, Menu, nativeTheme, protocol, screen, session, shell } from './services.ts'
export default services

services.app.on('quit', () => void closeAllPages().finally(() => process.exit(0)))

const compute = () => BrowserWindow.all.find(({ options }) => options.webPreferences.preload.endsWith('compute.cjs'))

/** What the test asks of the process, by name; answers go back over the channel of the fork. */
const commands = {
  askEngine: (question: string) => processes.at(-1)!.ask(question),
  computeWindow: () => {
    const window = compute()
    return window ? { ...window.options, visible: window.visible, url: window.webContents.getURL() } : null
  },
  evaluateInCompute: (source: string) => compute()!.webContents.page!.evaluate(source),
  crashCompute: async () => {
    const { page } = compute()!.webContents
    const session = await page!.context().newCDPSession(page!)
    // It is not answered any more.
    void session.send('Page.crash').catch(() => {})
  },
  computeNavigates: (url: string) => navigates(compute()!, url),
  evaluate: async (source: string) => (await page()).evaluate(source),
  screenshot: async (path: string) => void (await (await page()).screenshot({ path })),
  click: async (selector: string) => (await page()).click(selector, { timeout: 60_000 }),
  waitFor: async (selector: string) => void (await (await page()).waitForSelector(selector, { timeout: 60_000 })),
  text: async (selector: string) => (await page()).innerText(selector),
  choose: (...paths: string[]) => void (services.chosen.paths = paths),
  menu: (label: string) => services.clickMenu(label),
  killEngine: () => processes.at(-1)!.kill(),
  engines: () => processes.length,
  close: () => BrowserWindow.all[0]!.close(),
  quit: () => services.app.quit(),
  window: () => ({ ...BrowserWindow.all[0]!.options, visible: BrowserWindow.all[0]!.visible }),
  permission: (name: string) =>
    new Promise((resolve) => services.permissions.request!(null, name, (granted) => resolve(granted))),
  checks: () => [services.permissions.check!(), services.permissions.device!()],
  refuses: (url: string) => services.requestFilter.refuses(url),
  revealed: () => services.revealed,
  crashReporter: () => services.crashReporter.options,
  windowOpen: () => BrowserWindow.all[0]!.webContents.windowOpenHandler!(),
  navigates: (url: string) => navigates(BrowserWindow.all[0]!, url),
  /** A request that comes from another place than the main frame of our page. */
  invokeFrom: async (url: string, channel: string, ...args: unknown[]) => {
    const { webContents } = BrowserWindow.all[0]!
    const senderFrame = new Frame(webContents, null, url)
    return services.ipcMain.invoke(channel, { senderFrame, sender: webContents }, args)
  },
  invoke: async (channel: string, ...args: unknown[]) => {
    const { webContents } = BrowserWindow.all[0]!
    return services.ipcMain.invoke(channel, { senderFrame: webContents.mainFrame, sender: webContents }, args)
  },
} as const satisfies Record<string, (...args: never[]) => unknown>

export type Commands = typeof commands

function navigates({ webContents }: BrowserWindow, url: string): boolean {
  let prevented = false
  const event = { url, preventDefault: () => (prevented = true) }
  webContents.emit('will-navigate', event)
  return !prevented
}

async function page() {
  for (let tries = 0; tries < 600; tries++) {
    const shown = BrowserWindow.all[0]?.webContents.page
    if (shown) return shown
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('No window was opened.')
}

process.on('message', ({ id, name, args }: { id: number; name: keyof Commands; args: never[] }) => {
  void Promise.resolve()
    .then(() => (commands[name] as (...values: never[]) => unknown)(...args))
    .then(
      (result) => process.send?.({ id, result }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    )
})
