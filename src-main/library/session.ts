import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { connect, type Connection } from './connection.ts'
import { setAsideIfDamaged } from './damage.ts'
import { asLibraryProblem, isDamage } from './library-problem.ts'

/** Told, in a plain sentence, what happened to damaged data; `rebuilt` where the whole library was begun anew. */
export type OnMessage = (text: string, rebuilt: boolean) => void

/** Keeps a connection to the file at one path, through damage and through replacement of the file. */
export class Session {
  readonly path: string
  readonly #onMessage: OnMessage
  #connection: Connection | undefined
  /** Device and inode of the file that is open. */
  #opened = ''

  /** @param path absolute */
  constructor(path: string, onMessage: OnMessage) {
    this.path = path
    this.#onMessage = onMessage
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      this.#openOrReplace()
    } catch (error) {
      throw asLibraryProblem(error, path)
    }
  }

  /** Runs the operation; if it meets damage, once more on the library that replaces the damaged one. */
  run<Result>(operation: (connection: Connection) => Result): Result {
    try {
      try {
        return operation(this.#current())
      } catch (error) {
        if (!isDamage(error)) throw error
        this.#replaceIfDamaged()
        return operation(this.#current())
      }
    } catch (error) {
      throw asLibraryProblem(error, this.path)
    }
  }

  close(): void {
    this.#connection?.database.close()
    this.#connection = undefined
  }

  #current(): Connection {
    if (this.#connection === undefined) throw new Error('the library is closed')
    // Another process may have replaced a damaged file, or a person may have moved it: what is written must not go there.
    if (this.#opened !== fileIdentity(this.path)) {
      this.close()
      this.#openOrReplace()
    }
    return this.#connection
  }

  #openOrReplace(): void {
    try {
      this.#open()
    } catch (error) {
      if (!isDamage(error)) throw error
      this.#replaceIfDamaged()
    }
  }

  #open(): void {
    this.#connection = connect(this.path)
    this.#opened = fileIdentity(this.path)
  }

  #replaceIfDamaged(): void {
    this.close()
    const aside = setAsideIfDamaged(this.path)
    this.#open()
    if (aside !== undefined)
      this.#onMessage(`The library was damaged. It was moved to ${aside} and a new one was begun.`, true)
  }
}

function fileIdentity(path: string): string {
  const status = statSync(path, { bigint: true, throwIfNoEntry: false })
  return `${status?.dev} ${status?.ino}`
}
