// Pictures of scenes, to be looked at: node test/ui/gallery/shoot.ts OUT SCENE[,dark][,WIDTHxHEIGHT][,key=KEYS]...
import { chromium, type Page } from '@playwright/test'
import vue from '@vitejs/plugin-vue'
import { join } from 'node:path'
import { build, preview, type InlineConfig } from 'vite'

const [out = '/tmp/shots', ...wanted] = process.argv.slice(2)
const root = join(import.meta.dirname, '../../..')
const config: InlineConfig = { configFile: false, root, logLevel: 'error', base: '/', plugins: [vue()] }
const outDir = join(root, 'out/gallery')
const input = join(import.meta.dirname, 'index.html')
await build({ ...config, build: { outDir, emptyOutDir: true, minify: false, rollupOptions: { input } } })
const server = await preview({ ...config, build: { outDir }, preview: { port: 0 } })
const origin = server.resolvedUrls!.local[0]!
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  for (const shot of wanted) await shoot(shot).catch((error: unknown) => console.error(`${shot}: ${String(error)}`))
} finally {
  await browser.close()
  await server.close()
}

async function shoot(shot: string): Promise<void> {
  const [scene = '', ...options] = shot.split(',')
  const size = options.find((option) => /^\d+x\d+$/.test(option)) ?? '1280x800'
  const [width = 1280, height = 800] = size.split('x').map(Number)
  const theme = options.includes('dark') ? 'dark' : 'light'
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) console.error(`${shot}: ${message.text()}`)
  })
  page.on('pageerror', (error) => console.error(`${shot}: ${error.message}`))
  await page.goto(`${origin}test/ui/gallery/index.html?scene=${scene}&theme=${theme}`)
  await page.waitForSelector('.status', { timeout: 20_000 })
  await page.waitForTimeout(scene === 'scanning' ? 2200 : 900)
  for (const option of options) await act(page, option)
  await page.screenshot({ path: join(out, `${shot.replaceAll(/[^\w-]+/g, '_')}.png`) })
  await page.close()
}

/** `key=Control+O` presses, `click=Export` clicks a button, `row=NAME` a line of the library. */
async function act(page: Page, option: string): Promise<void> {
  const [kind, what = ''] = option.split(/=(.*)/)
  if (kind === 'key') await page.keyboard.press(what)
  else if (kind === 'click') await page.getByRole('button', { name: what }).first().click({ timeout: 5000 })
  else if (kind === 'row') await page.getByRole('option', { name: what }).first().click({ timeout: 5000 })
  else if (kind === 'type') await page.keyboard.type(what)
  else return
  await page.waitForTimeout(300)
}
