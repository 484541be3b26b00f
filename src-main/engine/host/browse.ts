import { randomUUID } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import type { FolderListing } from '../../contract/folders.ts'

/** More are not shown: nobody looks through them. */
const MOST_CHILDREN = 2000

/** Lets a page choose a folder of this machine without ever naming a path: it may only ask for what was listed before. */
export class FolderBrowser {
  readonly #paths = new Map<string, string>()
  readonly #ids = new Map<string, string>()

  /** @throws EngineError `folder-unknown` for what was never listed, `FOLDER_UNREADABLE` where it may not be looked into */
  async list(id: string | null): Promise<FolderListing> {
    const path = id === null ? homedir() : this.path(id)
    const names = await this.#foldersIn(path)
    const up = dirname(path)
    return {
      folder: this.#id(path),
      name: basename(path) || path,
      path,
      parent: up === path ? null : this.#id(up),
      children: names.slice(0, MOST_CHILDREN).map((name) => ({ folder: this.#id(join(path, name)), name })),
      truncated: names.length > MOST_CHILDREN,
    }
  }

  /** @throws EngineError `folder-unknown` */
  path(id: string): string {
    const path = this.#paths.get(id)
    if (path === undefined) throw new EngineError('folder-unknown', 'This folder was not listed before.')
    return path
  }

  async #foldersIn(path: string): Promise<string[]> {
    try {
      const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'))
      const isFolder = await Promise.all(
        entries.map(async (entry) =>
          entry.isSymbolicLink()
            ? await stat(join(path, entry.name)).then(
                (status) => status.isDirectory(),
                () => false,
              )
            : entry.isDirectory(),
        ),
      )
      return entries
        .filter((_, at) => isFolder[at])
        .map(({ name }) => name)
        .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    } catch {
      throw new EngineError('FOLDER_UNREADABLE', `${path} cannot be looked into.`)
    }
  }

  #id(path: string): string {
    const id = this.#ids.get(path) ?? randomUUID()
    this.#ids.set(path, id)
    this.#paths.set(id, path)
    return id
  }
}
