import fs from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceKernels } from '../../src-main/fingerprint/kernels/reference.ts'
import { createMeasurer } from '../../src-main/fingerprint/measure.ts'
import type { Numbers } from '../../src-main/fingerprint/types.ts'
import { SAMPLE } from '../engine/hosts.ts'
import { writeModel } from '../engine/models.ts'
import { hasChromium } from '../support/chromium.ts'
import { measure, sha256 } from '../support/kernels.ts'
import { startApplication, temporaryData, type Application } from './application.ts'
import { MATRIX } from './compute-matrix.ts'

const ENGINE = fileURLToPath(new URL('./compute-engine.ts', import.meta.url))

// The main process, the preload scripts and the pages as they are built; the engine process is one of this test, which
// says what a scan would say.
describe.runIf(hasChromium)('the hidden compute page', { timeout: 180_000 }, () => {
  const data = temporaryData()
  let app: Application
  beforeAll(async () => {
    app = startApplication(data, { HEIRLOOM_DOUBLE_ENGINE: ENGINE })
    await app.ask('waitFor', '#app *')
  })
  afterAll(async () => {
    // Closing the window ends the application, whatever is still open that nobody sees.
    await app.ask('askEngine', 'open')
    await app.ask('close')
    expect(await app.ended).toBe(0)
    fs.rmSync(data, { recursive: true, force: true })
  })

  it('is opened when the engine wants it: hidden, sandboxed, awake', async () => {
    expect(await app.ask('computeWindow')).toBeNull()
    expect(await app.ask('askEngine', 'open')).toMatchObject({ software: true })
    const { webPreferences, visible, url } = (await app.ask('computeWindow'))!
    expect(visible).toBe(false)
    expect(url).toBe('app://heirloom/compute/')
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      backgroundThrottling: false,
    })
  })

  it('measures a tensor as the processor does', async () => {
    const found = (await app.ask('askEngine', 'measure')) as Numbers
    const wanted = measure(createMeasurer(referenceKernels(), sha256), MATRIX.dtype, MATRIX.shape, MATRIX.bytes)
    expect(found.moments).toMatchObject({ count: 300 * 257, min: wanted.moments!.min, max: wanted.moments!.max })
    expect(found.exponents).toEqual(wanted.exponents)
    expect(found.sample).toEqual(wanted.sample)
  })

  it('has named functions and nothing else', async () => {
    expect(await app.ask('evaluateInCompute', 'Object.keys(window.heirloomCompute)')).toEqual(['connect'])
    expect(await app.ask('evaluateInCompute', 'typeof heirloom + typeof require + typeof process')).toBe(
      'undefinedundefinedundefined',
    )
    expect(await app.ask('evaluate', 'typeof heirloomCompute')).toBe('undefined')
  })

  it('has one line to the engine, and none of the window', async () => {
    const connects = (channel: string, answer: string) => `
      new Promise((resolve) => {
        const before = window.__deliver
        window.__deliver = (channel, ...rest) => (channel === '${answer}' ? resolve('connected') : before(channel, ...rest))
        window.__send('${channel}', []).then(() => setTimeout(resolve, 500, 'no answer'))
      })`
    expect(await app.ask('evaluateInCompute', connects('compute:connect', 'compute:port'))).toBe('no answer')
    expect(await app.ask('evaluateInCompute', connects('engine:connect', 'engine:port'))).toBe('no answer')
    expect(await app.ask('evaluate', connects('compute:connect', 'compute:port'))).toBe('no answer')
    await expect(app.ask('invokeFrom', 'app://heirloom/compute/', 'folder:dropped', SAMPLE)).rejects.toThrow(/refused/)
  })

  it('stays where it is, and no window goes there', async () => {
    expect(await app.ask('computeNavigates', 'app://heirloom/')).toBe(false)
    expect(await app.ask('computeNavigates', 'app://heirloom/compute/')).toBe(false)
    expect(await app.ask('navigates', 'app://heirloom/compute/')).toBe(false)
    expect(await app.ask('navigates', 'app://heirloom/')).toBe(true)
  })

  it('ends for a read of what nobody granted; what it was measuring is lost', async () => {
    await app.ask('askEngine', 'begin')
    const read = { type: 'read', id: 1e6, offset: 0, length: 8 }
    await app.ask('evaluateInCompute', `void setTimeout(() => window.__port(0, ${JSON.stringify(read)}))`)
    expect(await app.ask('askEngine', 'outcome')).toMatchObject({ reason: 'lost' })
    await expect.poll(() => app.ask('computeWindow')).toBeNull()
  })

  it('is opened anew after it has crashed; what it was measuring is lost', async () => {
    await app.ask('askEngine', 'open')
    await app.ask('askEngine', 'begin')
    await app.ask('crashCompute')
    expect(await app.ask('askEngine', 'outcome')).toMatchObject({ reason: 'lost' })
    await expect.poll(() => app.ask('computeWindow')).toBeNull()
    expect(await app.ask('askEngine', 'open')).toMatchObject({ software: true })
  })

  it('ends with an engine that dies, and the next engine has its own', async () => {
    const engines = await app.ask('engines')
    await app.ask('killEngine')
    await expect.poll(() => app.ask('engines')).toBe(engines + 1)
    await expect.poll(() => app.ask('computeWindow')).toBeNull()
    expect(await app.ask('askEngine', 'open')).toMatchObject({ software: true })
  })

  it('is closed when the engine lets go of it', async () => {
    await app.ask('askEngine', 'close')
    await expect.poll(() => app.ask('computeWindow')).toBeNull()
  })
})

describe.runIf(hasChromium)('a scan of the desktop application', { timeout: 180_000 }, () => {
  it('is measured by the hidden page where that is wished, and the page goes with it', async () => {
    const data = temporaryData()
    const app = startApplication(data)
    await app.ask('waitFor', '#app *')
    await app.ask('evaluate', CHOOSE_DEVICE)
    const folder = join(data, 'models')
    writeModel(folder, 'lonely', 32, 1)
    await app.ask('choose', folder)
    await app.ask('menu', 'Open Folder…')
    await app.ask('waitFor', '[role=treeitem] >> text=lonely')
    const progress = () => app.ask('evaluate', 'window.lastProgress')
    await expect
      .poll(progress, { timeout: 60_000 })
      .toMatchObject({ state: 'done', engine: { engine: 'gpu', fellBack: null } })
    await expect.poll(() => app.ask('computeWindow')).toBeNull()
    await app.ask('close')
    expect(await app.ended).toBe(0)
    fs.rmSync(data, { recursive: true, force: true })
  })
})

/** Asks the engine as the page does, and keeps what it tells of scans. */
const CHOOSE_DEVICE = `heirloom.connect().then((line) => new Promise((resolve) => {
  line.onText((text) => {
    const message = JSON.parse(text)
    if (message.type === 'result') resolve()
    if (message.kind === 'scan.progress') window.lastProgress = message.event
  })
  const parameters = { settings: { engine: 'gpu', threads: 2 } }
  line.send(JSON.stringify({ type: 'request', id: 1, kind: 'settings.set', parameters }))
}))`
