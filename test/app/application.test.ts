import fs from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SAMPLE } from '../engine/hosts.ts'
import { writeModel } from '../engine/models.ts'
import { startApplication, temporaryData, type Application } from './application.ts'
import { CHROMIUM, hasChromium } from '../support/chromium.ts'

// The main process, the preload script, the page and the engine process as they are built, with a double of Electron
// around them: its windows are pages of Chromium.
if (!hasChromium) console.log(`The desktop application is not tested: there is no ${CHROMIUM}.`)

const folders: string[] = []
function data(): string {
  folders.push(temporaryData())
  return folders.at(-1)!
}
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
})

describe.runIf(hasChromium)('the desktop application', { timeout: 180_000 }, () => {
  let app: Application
  beforeAll(async () => {
    app = startApplication(data())
    await app.ask('waitFor', 'text=Explore the sample family')
  })
  afterAll(async () => {
    await app.ask('close')
    expect(await app.ended).toBe(0)
  })

  it('opens a sandboxed window, and keeps crash dumps to itself', async () => {
    const { webPreferences, visible } = await app.ask('window')
    expect(webPreferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false })
    expect(visible).toBe(true)
    expect(await app.ask('crashReporter')).toEqual({ uploadToServer: false })
  })

  it('lends the page named functions and nothing else', async () => {
    expect(await app.ask('evaluate', 'Object.keys(window.heirloom).sort()')).toEqual([
      'connect',
      'grantDropped',
      'onMenu',
    ])
    expect(await app.ask('evaluate', 'typeof require + typeof process')).toBe('undefinedundefined')
  })

  it('opens the folder that was chosen in the dialog of the system, and scans it', async () => {
    await app.ask('choose', SAMPLE)
    await app.ask('menu', 'Open Folder…')
    await app.ask('waitFor', '[role=treeitem] >> text=willow')
    await app.ask('waitFor', 'text=/13 models.*2 families/')
  })

  it('opens a folder that is dropped on the window, and says what is none', async () => {
    const folder = join(data(), 'dropped-models')
    writeModel(folder, 'lonely', 32, 1)
    await app.ask('evaluate', dropOf(folder))
    await app.ask('waitFor', 'text=lonely')
    await app.ask('evaluate', dropOf(join(folder, 'lonely', 'model.safetensors')))
    await app.ask('waitFor', 'text=/not a folder/i')
  })

  it('answers nobody but the main frame of its own page, and takes no other payload', async () => {
    await expect(app.ask('invokeFrom', 'https://example.org/', 'folder:dropped', SAMPLE)).rejects.toThrow(/refused/)
    await expect(app.ask('invokeFrom', 'app://elsewhere/', 'folder:dropped', SAMPLE)).rejects.toThrow(/refused/)
    for (const payload of [null, 7, '', { path: SAMPLE }, 'x'.repeat(40_000)]) {
      await expect(app.ask('invoke', 'folder:dropped', payload)).rejects.toThrow(/refused/)
    }
    await expect(app.ask('invoke', 'anything:else')).rejects.toThrow(/No handler/)
  })

  it('denies permissions, new windows, navigation and everything beyond this machine', async () => {
    for (const name of ['media', 'geolocation', 'notifications', 'openExternal']) {
      expect(await app.ask('permission', name)).toBe(false)
    }
    expect(await app.ask('checks')).toEqual([false, false])
    expect(await app.ask('windowOpen')).toEqual({ action: 'deny' })
    expect(await app.ask('navigates', 'https://example.org/')).toBe(false)
    expect(await app.ask('navigates', 'file:///etc/passwd')).toBe(false)
    for (const url of ['https://example.org/', 'http://127.0.0.1/', 'ws://example.org/', 'file:///etc/passwd']) {
      expect(await app.ask('refuses', url)).toBe(true)
    }
    expect(await app.ask('refuses', 'app://heirloom/')).toBe(false)
    expect(await app.ask('evaluate', "fetch('/../package.json').then(({ status }) => status)")).toBe(404)
    const fetched = "fetch('https://example.org/').then(() => 'fetched', () => 'refused')"
    expect(await app.ask('evaluate', fetched)).toBe('refused')
  })

  it('starts another engine when one dies, and goes on', async () => {
    const engines = await app.ask('engines')
    await app.ask('killEngine')
    await expect.poll(() => app.ask('engines'), { timeout: 60_000 }).toBe(engines + 1)
    await app.ask('choose', SAMPLE)
    await app.ask('menu', 'Open Folder…')
    await app.ask('waitFor', '[role=treeitem] >> text=willow')
  })
})

describe.runIf(hasChromium)('the window', { timeout: 180_000 }, () => {
  it('opens where it was closed, but on a screen that is there', async () => {
    const folder = data()
    fs.mkdirSync(join(folder, 'userData'), { recursive: true })
    const file = join(folder, 'userData', 'window.json')
    fs.writeFileSync(file, JSON.stringify({ version: 1, x: 5000, y: 20, width: 1000, height: 700, maximized: true }))
    const app = startApplication(folder)
    await app.ask('waitFor', '#app *')
    const { width, height, x } = await app.ask('window')
    expect([width, height, x]).toEqual([1000, 700, undefined])
    await app.ask('close')
    expect(await app.ended).toBe(0)
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ version: 1, width: 1000, maximized: true })
  })

  it('is left to the first instance', async () => {
    expect(await startApplication(data(), { HEIRLOOM_DOUBLE_SECOND: '1' }).ended).toBe(0)
  })
})

/** Drops a file or folder of that path on the window; only the system knows where it lies. */
function dropOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return `
    window.__dropped = ${JSON.stringify({ [name]: path })}
    const files = new DataTransfer()
    files.items.add(new File([], ${JSON.stringify(name)}))
    for (const type of ['dragenter', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }))
  `
}
