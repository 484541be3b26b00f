import { join } from 'node:path'
import envPaths from 'env-paths'

/** Absolute path of this user's library, in the folder where the operating system keeps the data of applications. */
export function defaultLibraryPath(): string {
  return join(envPaths('heirloom', { suffix: '' }).data, 'library.db')
}
