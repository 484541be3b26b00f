import type { Locator, Page } from '@playwright/test'
import { expect } from './test.ts'

/** The parts of the window, by the names that its user hears and sees. */
export function windowOf(page: Page) {
  const search = page.getByRole('searchbox', { name: 'Search the library' })
  const models = page.getByRole('listbox', { name: 'Models' })
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  const status = page.getByRole('contentinfo')
  const tree = page.getByRole('tree', { name: 'Models in their families' })
  const canvas = page.locator('main.forest .pane > canvas')
  const row = (name: string): Locator => models.getByRole('option', { name }).first()

  return {
    search,
    models,
    inspector,
    status,
    tree,
    canvas,
    row,
    scan: page.getByRole('region', { name: 'Scan' }),
    problems: page.getByRole('region', { name: 'Problems' }),
    layers: page.getByRole('grid'),
    tensor: page.getByRole('region', { name: 'Tensor' }),

    /** Chooses a folder of the home in the dialog that lists them. */
    async open(...path: readonly string[]): Promise<void> {
      const dialog = page.getByRole('dialog', { name: 'Open a folder on this machine' })
      for (const name of path)
        await dialog.getByRole('group', { name: 'Folders' }).getByText(name, { exact: true }).click()
      await expect(dialog.locator('.path')).toContainText(path.at(-1)!)
      await dialog.getByRole('button', { name: 'Open this folder' }).click()
    },

    /** Searches for a model and selects it. */
    async find(name: string): Promise<void> {
      await search.fill(name)
      await row(name).click()
      await expect(row(name)).toHaveAttribute('aria-selected', 'true')
    },

    /** Where the model is drawn, found by pointing at the canvas as a user does. */
    async pointAt(name: string): Promise<void> {
      const box = (await canvas.boundingBox())!
      const found = await canvas.evaluate(async (element, name) => {
        const { left, top, width, height } = element.getBoundingClientRect()
        for (let y = 4; y < height; y += 8) {
          for (let x = 4; x < width; x += 8) {
            const event = { clientX: left + x, clientY: top + y, bubbles: true }
            element.dispatchEvent(new PointerEvent('pointermove', event))
            await Promise.resolve()
            if (element.getAttribute('title') === name) return { x, y }
          }
        }
        return null
      }, name)
      expect(found, `${name} in the forest`).not.toBeNull()
      await page.mouse.move(box.x + found!.x, box.y + found!.y)
    },
  }
}
