import { join } from 'node:path'
import { writeSparseModel } from '../engine/large-model.ts'
import { look } from './support/look.ts'
import { copySample } from './support/sample.ts'
import { expect, test } from './support/test.ts'
import { windowOf } from './support/window.ts'

/** A model that takes its time to be read, and no room on a disk. */
function writeSlowModel(folder: string, gigabytes: number): void {
  const tensors = Array.from({ length: gigabytes * 16 }, (_, at) => ({
    name: `layers.${at}.weight`,
    dtype: 'F32' as const,
    shape: [4096, 4096],
  }))
  writeSparseModel(folder, tensors)
}

test('trees grow while a scan runs', async ({ page, place }) => {
  const folder = copySample(place)
  writeSlowModel(join(folder, 'larch'), 3)
  writeSlowModel(join(folder, 'zelkova'), 100)
  const { models, open, row, scan, status, tree } = windowOf(page)
  const inFamilies = tree.locator('[aria-level="2"]')
  await page.goto(await place.serve())
  await page.getByRole('button', { name: /^Open a folder/ }).click()
  await open('models')

  await test.step('the first families', async () => {
    await expect(inFamilies).not.toHaveCount(0)
    await expect(scan).toContainText('larch')
    await expect(status).toContainText('1 being read')
    await expect(tree.getByRole('treeitem', { name: /^willow/ })).toHaveCount(0)
    await look(page, 'growing-first')
  })

  const first = await inFamilies.count()
  await row('birch').click()
  await tree.getByRole('treeitem', { name: /^birch/ }).focus()

  await test.step('more of them; what was chosen stays chosen', async () => {
    await expect(tree.getByRole('treeitem', { name: /^willow/ })).toHaveCount(1)
    await expect(scan).toContainText('zelkova')
    await expect(status).toContainText('1 being read')
    await expect.poll(() => inFamilies.count()).toBeGreaterThan(first)
    await expect(tree.getByRole('treeitem', { name: /^birch/ })).toBeFocused()
    await expect(row('birch')).toHaveAttribute('aria-selected', 'true')
    await expect(models.getByRole('option', { name: 'zelkova' })).toBeVisible()
    await look(page, 'growing-more')
  })

  await scan.getByRole('button', { name: 'Cancel' }).click()
  await expect(scan.getByRole('button', { name: 'Go on reading' })).toBeVisible()
  await expect(status).toContainText('2 families')
})
