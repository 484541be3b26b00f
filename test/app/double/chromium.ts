import { chromium, type Browser } from '@playwright/test'
import { CHROMIUM } from '../../support/chromium.ts'

const FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync']

let browser: Promise<Browser> | null = null

/** One Chromium for all windows of the double. */
export function openChromium(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  return browser
}

export async function closeChromium(): Promise<void> {
  await (await browser)?.close()
}
