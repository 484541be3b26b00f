import { EngineError, type EngineErrorCode } from '../../contract/errors.ts'
import type { LibraryDescription } from '../../contract/folders.ts'
import { LibraryProblem } from '../../library/library-problem.ts'
import { openLibrary } from '../../library/open.ts'
import type { Library } from '../../library/types.ts'

/** Opening may wait some seconds for another process: not at every request. */
const RETRY_AFTER_MS = 5000

const STATES: Partial<Record<EngineErrorCode, LibraryDescription['state']>> = {
  LIBRARY_LOCKED: 'locked',
  LIBRARY_NEWER: 'newer',
  LIBRARY_FOREIGN: 'foreign',
}

/** The library of this host, if it can be had; where not, why, and another try now and then. */
export class LibraryAccess {
  readonly path: string
  /** How often a damaged library was set aside and a new one begun. */
  rebuilds = 0
  readonly #onMessage: (message: string, rebuilt: boolean) => void
  #library: Library | null = null
  #failure: EngineError | null = null
  #lastTry = -Infinity
  #rebuilt = ''
  #closed = false

  /** @param onMessage told what happened to damaged data, after the call that met it */
  constructor(path: string, onMessage: (message: string, rebuilt: boolean) => void) {
    this.path = path
    this.#onMessage = onMessage
  }

  /** @throws EngineError with the code of a library problem */
  get(): Library {
    if (this.#library) return this.#library
    if (this.#closed) throw new EngineError('cancelled', 'The engine is closing.')
    if (!this.#failure || performance.now() - this.#lastTry > RETRY_AFTER_MS) this.#open()
    if (!this.#library) throw this.#failure!
    return this.#library
  }

  /** Null where it cannot be used now. */
  getIfUsable(): Library | null {
    try {
      return this.get()
    } catch (error) {
      if (error instanceof EngineError) return null
      throw error
    }
  }

  describe(): LibraryDescription {
    const { path } = this
    try {
      const { models, fileSize } = this.get().stats()
      return { path, state: this.#rebuilt ? 'damaged-and-rebuilt' : 'ready', message: this.#rebuilt, models, fileSize }
    } catch (error) {
      const { code, message, remedy } = libraryError(error)
      return { path, state: STATES[code] ?? 'unavailable', message: `${message} ${remedy}`, models: 0, fileSize: 0 }
    }
  }

  close(): void {
    this.#closed = true
    this.#library?.close()
    this.#library = null
  }

  #open(): void {
    this.#lastTry = performance.now()
    try {
      this.#library = openLibrary(this.path, (message, rebuilt) => {
        if (rebuilt) {
          this.rebuilds++
          this.#rebuilt = message
        }
        queueMicrotask(() => this.#onMessage(message, rebuilt))
      })
      this.#failure = null
    } catch (error) {
      this.#failure = libraryError(error)
    }
  }
}

/** The failure as every request reports it. @throws what is no library problem */
export function libraryError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  if (!(error instanceof LibraryProblem)) throw error
  return new EngineError(error.code, `${error.message[0]!.toUpperCase()}${error.message.slice(1)}.`)
}
