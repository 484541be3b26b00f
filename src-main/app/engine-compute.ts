import type { MessagePortMain } from 'electron'
import type { ToComputePage } from '../contract/compute.ts'
import type { OpenComputePage, PageListener } from '../engine/compute/page/page-line.ts'
import type { FromEngine } from './engine-messages.ts'

/** A page that was asked for: what is said before its line is there waits for it. */
interface Session {
  readonly id: number
  readonly listener: PageListener
  readonly early: ToComputePage[]
  port: MessagePortMain | null
}

/** The engine's end of the hidden compute page: the main process opens it, then both talk over a port of their own. */
export class DesktopComputePage {
  readonly #tell: (message: FromEngine) => void
  #session: Session | null = null
  #nextId = 0

  constructor(tell: (message: FromEngine) => void) {
    this.#tell = tell
  }

  readonly open: OpenComputePage = (listener) => {
    const session: Session = { id: this.#nextId++, listener, early: [], port: null }
    this.#session = session
    this.#tell({ type: 'open-compute', id: session.id })
    return {
      send: (message) => (session.port ? session.port.postMessage(message) : void session.early.push(message)),
      close: () => {
        if (this.#session !== session) return
        this.#session = null
        session.port?.close()
        this.#tell({ type: 'close-compute' })
      },
    }
  }

  /** @param port of the page that was opened as `id`; of another one it is not needed any more */
  connected(id: number, port: MessagePortMain): void {
    const session = this.#session
    if (session?.id !== id || session.port) return port.close()
    session.port = port
    port.on('message', ({ data }) => session.listener.hear(data))
    port.on('close', () => this.gone(id, 'its line was closed'))
    port.start()
    for (const message of session.early.splice(0)) port.postMessage(message)
  }

  gone(id: number, reason: string): void {
    const session = this.#session
    if (session?.id !== id) return
    this.#session = null
    session.listener.gone(reason)
  }
}
