import { chromium, type Browser } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, vi } from 'vitest'
import { ComputeRelay } from '../../src-main/engine/compute/relay.ts'
import { openRemoteEngine } from '../../src-main/engine/compute/remote-engine.ts'
import type { ComputeEngine } from '../../src-renderer/compute/types.ts'
import { testServer } from '../serve/servers.ts'
import { CHROMIUM, CHROMIUM_FLAGS, hasChromium } from '../support/chromium.ts'
import { describeParity } from './parity.ts'

const PAGES = fileURLToPath(new URL('../../out/renderer', import.meta.url))

// The built page in a real browser, and all that is between it and a thread that measures.
if (!hasChromium) console.log(`The compute page is not tested in a browser: there is no ${CHROMIUM}.`)

let browser: Browser | null = null
afterAll(() => browser?.close())

async function openPage(): Promise<ComputeEngine> {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS })
  const server = await testServer(PAGES)
  const page = await browser.newPage()
  await page.goto(`${server.origin}/compute/?token=${server.token}`)
  await vi.waitFor(() => expect(server.computePage.connected).toBe(true), { timeout: 30_000 })
  return openRemoteEngine(new ComputeRelay(server.computePage.open).connect())
}

describe.runIf(hasChromium)('the page in Chromium', () => {
  describeParity('the compute page', openPage)
})
