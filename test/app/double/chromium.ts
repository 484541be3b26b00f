import { chromium, type Browser } from '@playwright/test'

const FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** That of the system, or of the variable CHROMIUM. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

let browser: Promise<Browser> | null = null

/** One Chromium for all windows of the double. */
export function openChromium(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  return browser
}

export async function closeChromium(): Promise<void> {
  await (await browser)?.close()
}
