import { chromium, type Browser } from '@playwright/test'
import { CHROMIUM, CHROMIUM_FLAGS } from '../../support/chromium.ts'

let browser: Promise<Browser> | null = null

/** One Chromium for all windows of the double. */
export function openChromium(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS })
  return browser
}

export async function closeChromium(): Promise<void> {
  await (await browser)?.close()
}
