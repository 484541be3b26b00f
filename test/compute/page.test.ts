import { chromium, type Browser } from '@playwright/test'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { ScanProgress } from '../../src-main/contract/scan.ts'
import { ComputeRelay } from '../../src-main/engine/compute/page/relay.ts'
import { openRemoteEngine } from '../../src-main/engine/compute/page/remote-engine.ts'
import type { ComputeEngine } from '../../src-renderer/compute/types.ts'
import { writeModel } from '../engine/models.ts'
import { testServer, type TestServer } from '../serve/servers.ts'
import { CHROMIUM, CHROMIUM_FLAGS, hasChromium } from '../support/chromium.ts'
import { describeParity } from './parity.ts'

const PAGES = fileURLToPath(new URL('../../out/renderer', import.meta.url))

// The built page in a real browser, and all that is between it and a thread that measures.
if (!hasChromium) console.log(`The compute page is not tested in a browser: there is no ${CHROMIUM}.`)

let browser: Browser | null = null
afterAll(() => browser?.close())

async function openPage(): Promise<ComputeEngine> {
  const { computePage } = await servePage()
  return openRemoteEngine(new ComputeRelay(computePage.open).connect())
}

async function servePage(): Promise<TestServer> {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS })
  const server = await testServer(PAGES)
  const page = await browser.newPage()
  await page.goto(`${server.origin}/compute/?token=${server.token}`)
  await vi.waitFor(() => expect(server.computePage.connected).toBe(true), { timeout: 30_000 })
  return server
}

describe.runIf(hasChromium)('the page in Chromium', () => {
  describeParity('the compute page', openPage)

  it('measures a scan of the server that has sent it', async () => {
    const { host } = await servePage()
    const models = fs.mkdtempSync(join(tmpdir(), 'heirloom-page-'))
    writeModel(models, 'lonely', 32, 1)
    await host.request('settings.set', { settings: { engine: 'gpu', threads: 2 } })
    const folder = await host.grant(models)
    const ended = new Promise<ScanProgress>((resolve) =>
      host.on('scan.progress', (progress) => {
        if (['done', 'failed'].includes(progress.state)) resolve(progress)
      }),
    )
    await host.request('scan.start', { folder: folder.id })
    expect(await ended).toMatchObject({ state: 'done', engine: { engine: 'gpu', fellBack: null } })
    fs.rmSync(models, { recursive: true })
  })
})
