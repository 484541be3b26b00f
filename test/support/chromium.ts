import fs from 'node:fs'

/** That of the system, or of the variable CHROMIUM. */
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

export const hasChromium = fs.existsSync(CHROMIUM)
