import { test as base, expect } from '@playwright/test'
import { CHROMIUM, hasChromium } from '../../support/chromium.ts'
import { Place } from './serve.ts'

interface Fixtures {
  readonly place: Place
  readonly needsChromium: void
  readonly quiet: void
}

/** A test with a place of its own; an error in the page fails it. */
export const test = base.extend<Fixtures>({
  needsChromium: [
    async ({}, use, { skip }) => {
      skip(!hasChromium, `There is no ${CHROMIUM}.`)
      await use()
    },
    { auto: true },
  ],
  quiet: [
    async ({ page }, use) => {
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('console', (message) => {
        // A server that was ended on purpose is none of the page's mistakes.
        if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket/.test(message.text())) errors.push(message.text())
      })
      await use()
      expect(errors).toEqual([])
    },
    { auto: true },
  ],
  place: async ({}, use) => {
    const place = new Place()
    await use(place)
    await place.leave()
  },
})

export { expect }
