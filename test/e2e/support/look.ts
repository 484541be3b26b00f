import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { expect } from './test.ts'

export const OUT = join(import.meta.dirname, '../../../out/e2e')
const GRAVE = ['serious', 'critical']

/**
 * Looks at the window as it is now, light and dark: keeps a picture of each in out/e2e, and expects that axe finds nothing
 * serious or critical in either.
 */
export async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await settled(page)
    await page.screenshot({ path: join(OUT, `${name}-${colorScheme}.png`) })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    const grave = violations.filter(({ impact }) => GRAVE.includes(impact ?? ''))
    const said = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)
    expect.soft(said, `${name}, ${colorScheme}`).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Nothing moves any more, and the canvas has been drawn. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})))
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  })
}
