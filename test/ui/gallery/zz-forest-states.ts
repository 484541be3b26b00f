// states by pointer in one page
import { chromium } from '@playwright/test'
import vue from '@vitejs/plugin-vue'
import { createServer } from 'vite'
const server = await createServer({
  configFile: false,
  root: '/work/desktop',
  logLevel: 'error',
  plugins: [vue()],
  server: { port: 0, hmr: false, watch: null },
  cacheDir: 'out/gallery-cache-forest',
})
await server.listen()
const origin = server.resolvedUrls!.local[0]!
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const out = '/tmp/shots-forest/'
const open = async (scene: string, theme = 'light', size = { width: 1280, height: 800 }) => {
  const page = await browser.newPage({
    viewport: size,
    reducedMotion: 'reduce',
    deviceScaleFactor: Number(process.env.DPR ?? 1),
  })
  page.on('console', (m) => {
    if (['error', 'warning'].includes(m.type())) console.log(scene, m.text())
  })
  page.on('pageerror', (e) => console.log(scene, e.message))
  await page.goto(`${origin}test/ui/gallery/index.html?scene=${scene}&theme=${theme}`)
  await page.waitForSelector('[role=treeitem]', { state: 'attached', timeout: 60000 })
  await page.waitForTimeout(700)
  return page
}
const only = process.argv.slice(2)
const shots: Record<string, () => Promise<void>> = {
  async edge() {
    const page = await open('checkpoints')
    await page.mouse.click(320 + 160, 288)
    await page.mouse.move(320 + 83, 172 - 36 - 12 + 0)
    await page.waitForTimeout(300)
    await page.screenshot({ path: out + 'edge.png' })
    await page.locator('[role=treeitem][tabindex="0"]').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.waitForTimeout(300)
    await page.screenshot({ path: out + 'focus.png' })
    await page.getByLabel('Search the library').fill('instruct')
    await page.waitForTimeout(300)
    await page.screenshot({ path: out + 'filter.png' })
    await page.close()
  },
  async edgeDark() {
    const page = await open('checkpoints', 'dark')
    await page.mouse.click(320 + 160, 288)
    await page.waitForTimeout(300)
    await page.screenshot({ path: out + 'edge-dark.png' })
    await page.close()
  },
  async colours() {
    const page = await open('checkpoints', 'light', { width: 1500, height: 800 })
    for (const name of ['Type', 'Support', 'Data type', 'Size', 'Claims']) {
      await page.locator('.all-colours').getByRole('button', { name, exact: true }).click()
      await page.waitForTimeout(250)
      await page.screenshot({
        path: out + `colour-${name.replace(' ', '-')}.png`,
        clip: { x: 320, y: 40, width: 860, height: 740 },
      })
    }
    await page.close()
  },
  async many() {
    for (const scene of ['family-of-300', 'unrelated', 'five', 'thousand']) {
      const page = await open(scene)
      await page.screenshot({ path: out + `${scene}.png` })
      await page.getByRole('button', { name: 'All of it' }).click()
      await page.waitForTimeout(300)
      await page.screenshot({ path: out + `${scene}-fit.png` })
      await page.close()
    }
  },
  async radial() {
    const page = await open('checkpoints')
    for (const name of ['Radial', 'Top down', 'Steps']) {
      await page.getByRole('button', { name }).click()
      await page.waitForTimeout(250)
      await page.screenshot({ path: out + `layout-${name.replace(' ', '-')}.png` })
    }
    await page.close()
    const big = await open('family-of-300', 'dark')
    for (const name of ['Radial', 'Top down']) {
      await big.getByRole('button', { name }).click()
      await big.waitForTimeout(250)
      await big.getByRole('button', { name: 'All of it' }).click()
      await big.waitForTimeout(300)
      await big.screenshot({ path: out + `300-${name.replace(' ', '-')}.png` })
    }
    await big.close()
  },
  async menu() {
    const page = await open('checkpoints')
    await page.mouse.click(320 + 99, 308, { button: 'right' })
    await page.waitForTimeout(400)
    await page.screenshot({ path: out + 'menu.png' })
    await page.getByRole('menuitem', { name: 'Fold its descendants' }).click()
    await page.waitForTimeout(300)
    await page.screenshot({ path: out + 'folded.png' })
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Picture (PNG)' }).click()
    await page.waitForTimeout(400)
    await page.screenshot({ path: out + 'picture-dialog.png' })
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save' }).click(),
    ])
    await download.saveAs(out + 'picture.png')
    await page.close()
  },
}
try {
  for (const name of only.length ? only : Object.keys(shots)) {
    await shots[name]!()
    console.log(name, 'ok')
  }
} catch (e) {
  console.log(e)
} finally {
  await browser.close()
  await server.close()
}
