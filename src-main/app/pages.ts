import { protocol } from 'electron'
import { contentPolicy } from '../serve/headers.ts'
import { readPageFiles } from '../serve/page-files.ts'

/** A scheme of our own: pages have an origin, and no file of the disk is within their reach. */
const SCHEME = 'app'
const HOST = 'heirloom'
/** The address of each page: of the window, and of the hidden one that computes. */
export const PAGES = { ui: `${SCHEME}://${HOST}/`, compute: `${SCHEME}://${HOST}/compute/` } as const
export type PageName = keyof typeof PAGES

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
      'Content-Security-Policy': contentPolicy("'self'"),
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
    }
    return new Response(new Uint8Array(file.content), { headers })
  })
}

/** Whether a frame shows that page of ours, and may therefore ask what is meant for it. */
export function isPage(url: string, page: PageName): boolean {
  return url.split(/[?#]/)[0] === PAGES[page]
}
