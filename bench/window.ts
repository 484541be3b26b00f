// The window in Chromium: how soon the forest is seen, and how fast it answers. No graphics card is needed.
import fs from 'node:fs'
import { chromium } from '@playwright/test'
import vue from '@vitejs/plugin-vue'
import { join } from 'node:path'
import { build, preview } from 'vite'
import { temporaryFolder } from './temporary.ts'
import type { Measured } from './ui/page.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export async function benchWindow(): Promise<void> {
  const executablePath = CHROMIUM.find((path) => fs.existsSync(path))
  if (!executablePath) {
    console.log('  not measured: there is no Chromium on this machine')
    return
  }
  const outDir = temporaryFolder()
  const root = join(import.meta.dirname, 'ui')
  const options = { configFile: false, root, plugins: [vue()], logLevel: 'error' } as const
  await build({ ...options, build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: 5000 } })
  const server = await preview({ ...options, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    for (const models of [1000, 5000]) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      page.on('pageerror', (error) => console.error(error.message))
      await page.goto(`${server.resolvedUrls!.local[0]!}?models=${models}`)
      report(models, await page.evaluate(() => (window as unknown as { measured: Promise<Measured> }).measured))
      await page.close()
    }
  } finally {
    await browser.close()
    await server.close()
  }
}

function report(models: number, measured: Measured): void {
  const { firstPaint, layouts, selections, panning, work, panningAll, workAll } = measured
  const line = (what: string, value: string): void => console.log(`  ${what.padEnd(44)}${value}`)
  console.log(`  ${models} models`)
  line('from the data to the first names', `${Math.round(firstPaint)} ms`)
  line(
    'layout alone',
    Object.entries(layouts)
      .map(([kind, time]) => `${kind} ${time.toFixed(1)} ms`)
      .join(', '),
  )
  line('key to selected, in every region', spread(selections))
  line('moving at 100 %, frame to frame', spread(panning))
  line('moving at 100 %, input to drawn', spread(work))
  line('moving all of it, frame to frame', spread(panningAll))
  line('moving all of it, input to drawn', spread(workAll))
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)} ms`
  return `median ${at(0.5)}, 95 % ${at(0.95)}, slowest ${at(1)}`
}
