import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { join } from 'node:path'
import * as v from 'valibot'
import { asEngineError } from '../contract/messages.ts'
import { EngineError } from '../contract/errors.ts'
import type { Folder } from '../contract/folders.ts'
import { FromEngine, type ToEngine } from './engine-messages.ts'

/** An engine that dies so often within a minute would die for ever. */
const MOST_DEATHS = 5
const WITHIN_MS = 60_000

export interface EngineProcessSetup {
  readonly version: string
  /** The absolute path that the user chose; null for none. */
  readonly chooseFolder: () => Promise<string | null>
  readonly reveal: (path: string) => void
  readonly log: (text: string) => void
  /** The hidden page that computes. */
  readonly compute: { open(id: number): void; close(): void }
}

/**
 * The engine process, and another one when it dies. The model that it was reading is then told to the next one, which
 * leaves it out and says so.
 */
export class EngineProcess {
  readonly #setup: EngineProcessSetup
  #process: UtilityProcess
  #reading: string | null = null
  #closing = false
  #deaths: number[] = []
  readonly #granting = new Map<number, PromiseWithResolvers<Folder>>()
  #nextGrant = 0

  constructor(setup: EngineProcessSetup) {
    this.#setup = setup
    this.#process = this.#fork(null)
  }

  /** One end of a new line to the engine, for a window; null where the engine dies again and again. */
  connect(): MessagePortMain | null {
    if (this.#gaveUp) return null
    const { port1, port2 } = new MessageChannelMain()
    this.#post({ type: 'connect' }, [port1])
    return port2
  }

  /** One end of a new line to the engine, for the compute page that it has asked for. */
  connectCompute(id: number): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain()
    this.#post({ type: 'compute-page', id }, [port1])
    return port2
  }

  computeGone(id: number, reason: string): void {
    this.#post({ type: 'compute-gone', id, reason })
  }

  /**
   * Makes a folder one of the user's.
   * @throws EngineError `folder-missing` for what is no folder
   */
  grant(path: string): Promise<Folder> {
    const id = this.#nextGrant++
    const granting = Promise.withResolvers<Folder>()
    this.#granting.set(id, granting)
    this.#post({ type: 'grant', id, path })
    return granting.promise
  }

  /** Ends the engine in order: scans stop, what is finished stays. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#process.pid === undefined) return
    const ended = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()))
    this.#post({ type: 'close' })
    await ended
  }

  get #gaveUp(): boolean {
    return this.#deaths.length >= MOST_DEATHS
  }

  #fork(diedOn: string | null): UtilityProcess {
    const child = utilityProcess.fork(join(import.meta.dirname, 'engine.js'), [], { serviceName: 'Heirloom engine' })
    child.on('message', (message: unknown) => this.#heard(message))
    child.on('exit', (code) => this.#exited(code))
    const { version } = this.#setup
    child.postMessage({ type: 'start', version, diedOn } satisfies ToEngine)
    return child
  }

  #post(message: ToEngine, ports: MessagePortMain[] = []): void {
    this.#process.postMessage(message, ports)
  }

  #heard(data: unknown): void {
    const message = v.parse(FromEngine, data)
    switch (message.type) {
      case 'reading':
        return void (this.#reading = message.model)
      case 'choose':
        return void this.#setup.chooseFolder().then((path) => this.#post({ type: 'chosen', id: message.id, path }))
      case 'reveal':
        return this.#setup.reveal(message.path)
      case 'granted':
        return this.#takeGrant(message.id)?.resolve(message.folder)
      case 'refused':
        return this.#takeGrant(message.id)?.reject(asEngineError(message.failure))
      case 'open-compute':
        return this.#setup.compute.open(message.id)
      case 'close-compute':
        return this.#setup.compute.close()
      case 'bug':
        return this.#setup.log(message.text)
    }
  }

  #takeGrant(id: number): PromiseWithResolvers<Folder> | undefined {
    const granting = this.#granting.get(id)
    this.#granting.delete(id)
    return granting
  }

  #exited(code: number): void {
    this.#setup.compute.close()
    if (this.#closing) return
    const now = performance.now()
    this.#deaths = [...this.#deaths.filter((death) => now - death < WITHIN_MS), now]
    this.#setup.log(`The engine ended with ${code} while reading ${this.#reading ?? 'nothing'}.`)
    for (const id of [...this.#granting.keys()]) this.#takeGrant(id)?.reject(engineGone())
    if (this.#gaveUp) return
    const diedOn = this.#reading
    this.#reading = null
    this.#process = this.#fork(diedOn)
  }
}

function engineGone(): EngineError {
  return new EngineError('connection-lost', 'The engine ended and was started again.')
}
