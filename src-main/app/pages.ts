import { protocol } from 'electron'
import { readPageFiles } from '../serve/page-files.ts'

/** A scheme of our own: pages have an origin, and no file of the disk is within their reach. */
const SCHEME = 'app'
const HOST = 'heirloom'
export const PAGE = `${SCHEME}://${HOST}/`

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Before the application is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** Serves the built pages, and nothing that was not there when the application started. */
export function servePages(folder: string): void {
  const files = readPageFiles(folder)
  protocol.handle(SCHEME, ({ url, method }) => {
    const { host, pathname } = new URL(url)
    const file = host === HOST && method === 'GET' ? files.get(pathname) : undefined
    if (!file) return new Response('There is no such file.', { status: 404 })
    const headers = {
      'Content-Type': file.type,
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
    }
    return new Response(new Uint8Array(file.content), { headers })
  })
}

/** Whether a frame shows our page, and may therefore ask. */
export function isPage(url: string): boolean {
  return url === PAGE || url.startsWith(PAGE)
}
