import { defineConfig } from '@playwright/test'
import { join } from 'node:path'
import { CHROMIUM, hasChromium } from '../support/chromium.ts'

const out = join(import.meta.dirname, '../../out/e2e')

if (!hasChromium) console.log(`The user interface is not tested in a browser: there is no ${CHROMIUM}.`)

// One after the other: each test has servers and threads of its own. Nothing here is about time; limits only end what hangs.
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: join(out, 'failures'),
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: join(out, 'report.json') }]],
  use: {
    viewport: { width: 1280, height: 800 },
    actionTimeout: 60_000,
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: CHROMIUM, args: ['--no-sandbox'] },
  },
})
