import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

export interface PageFile {
  readonly type: string
  readonly content: Buffer
}

/** What a built page consists of. Anything else in the folder is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** The path of each page, and the file that it is. */
const PAGES = { '/': '/ui/index.html', '/compute/': '/compute/page/index.html' }

/**
 * The files that may be asked for, by the path of their URL: those that lie in the folder now, and no others.
 * @param folder absolute, with the built pages
 */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { type, content: readFileSync(path) })
  }
  for (const [path, name] of Object.entries(PAGES)) {
    const page = files.get(name)
    if (!page) throw new Error('This installation is incomplete: a page is missing. Run "npm run build".')
    files.set(path, page)
  }
  return files
}
