import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { EngineError } from '../../contract/errors.ts'
import type { Folder } from '../../contract/folders.ts'
import type { StoredFolder } from '../../library/types.ts'
import { packageRoot } from '../package-root.ts'
import type { LibraryAccess } from './library-access.ts'

/** A share that does not answer for so long counts as missing. */
const ANSWER_WITHIN_MS = 2000

export type FolderState = Folder['state']

/** The folders that the user has granted. They are kept in the library. */
export class FolderRegistry {
  readonly #library: LibraryAccess
  /** As last listed: a library that was begun anew gets them back. */
  #known: readonly StoredFolder[] = []
  #rebuilds = 0

  constructor(library: LibraryAccess) {
    this.#library = library
  }

  list(): readonly StoredFolder[] {
    const { folders } = this.#library.get()
    let listed = folders.list()
    if (this.#library.rebuilds !== this.#rebuilds) {
      this.#rebuilds = this.#library.rebuilds
      for (const folder of this.#known) folders.add({ ...folder, lastSeen: null })
      listed = folders.list()
    }
    this.#known = listed
    return listed
  }

  /** @throws EngineError `folder-unknown` */
  find(id: string): StoredFolder {
    const folder = this.list().find((one) => one.id === id)
    if (!folder) throw new EngineError('folder-unknown', 'This folder is not one of yours any more.')
    return folder
  }

  /** @throws EngineError `folder-missing` for what is no folder */
  async grant(path: string): Promise<StoredFolder> {
    const absolute = resolve(path)
    if ((await stateOf(absolute)) === 'missing') {
      throw new EngineError('folder-missing', `${absolute} is not a folder, or cannot be reached now.`)
    }
    const grantedAt = new Date().toISOString()
    this.#library.get().folders.add({ id: randomUUID(), path: absolute, grantedAt, lastSeen: null })
    return this.list().find((one) => one.path === absolute)!
  }

  forget(id: string): void {
    const { folders, settings } = this.#library.get()
    folders.remove(this.find(id).id)
    settings.remove(viewKey(id))
  }

  /** Of all folders, by id. */
  async states(): Promise<ReadonlyMap<string, FolderState>> {
    const folders = this.list()
    return new Map(await Promise.all(folders.map(async ({ id, path }) => [id, await stateOf(path)] as const)))
  }
}

/** Under which the view state of a folder is kept. */
export function viewKey(folder: string): string {
  return `view ${folder}`
}

/** Where the sample family lies. */
export function samplePath(): string {
  return join(packageRoot(), 'resources', 'sample-family', 'models')
}

export function folderName(path: string): string {
  return path === samplePath() ? 'Sample family' : basename(path) || path
}

/** `missing` also for what is no folder, and for what does not answer. */
export async function stateOf(path: string): Promise<FolderState> {
  const answer = stat(path).then(
    (status): FolderState => (status.isDirectory() ? 'available' : 'missing'),
    (): FolderState => 'missing',
  )
  return Promise.race([answer, setTimeout<FolderState>(ANSWER_WITHIN_MS, 'missing', { ref: false })])
}
