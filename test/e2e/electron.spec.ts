import { _electron, expect, test } from '@playwright/test'
import fs from 'node:fs'
import { join } from 'node:path'
import { copySample } from './support/sample.ts'
import { Place } from './support/serve.ts'
import { windowOf } from './support/window.ts'

const root = join(import.meta.dirname, '../..')

/** Where the binary of Electron lies; null where it was not fetched. Asking the package itself would fetch it. */
function electronBinary(): string | null {
  const folder = join(root, 'node_modules/electron')
  const name = join(folder, 'path.txt')
  const path = fs.existsSync(name) ? join(folder, 'dist', fs.readFileSync(name, 'utf8')) : null
  return path !== null && fs.existsSync(path) ? path : null
}

const binary = electronBinary()
test.skip(process.env['ELECTRON_E2E'] !== '1', 'Real Electron is tested where ELECTRON_E2E=1.')
test.skip(binary === null, 'The binary of Electron is not here.')

test('the main path in Electron itself', async () => {
  const place = new Place()
  const folder = copySample(place)
  const app = await _electron.launch({
    executablePath: binary!,
    args: ['--no-sandbox', root],
    env: {
      ...process.env,
      HOME: place.home,
      XDG_DATA_HOME: join(place.home, 'data'),
      XDG_CONFIG_HOME: join(place.home, 'config'),
    },
  })
  try {
    const page = await app.firstWindow()
    const { find, inspector, layers, models, status, tensor } = windowOf(page)
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] })
    }, folder)
    await page.getByRole('button', { name: /^Open a folder/ }).click()
    await expect(status).toContainText('13 models')
    await find('birch')
    await models.press('Enter')
    await expect(inspector).toContainText('Fine-tuned from elm')
    await inspector.getByRole('button', { name: 'Open layers' }).click()
    await expect(layers).toBeVisible()
    await expect(tensor).toContainText('Standard deviation')
    await page.screenshot({ path: join(root, 'out/e2e/electron.png') })
  } finally {
    await app.close()
    await place.leave()
  }
})
