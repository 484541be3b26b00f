import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { OpenComputePage } from './page-line.ts'
import { PageSession } from './page-session.ts'

/**
 * Connects the threads that measure with the compute page of their host: one page for all of them. It is opened when the
 * first thread wants it, let go with the last, and opened anew after it has ended.
 */
export class ComputeRelay {
  readonly #openPage: OpenComputePage
  #session: PageSession | null = null

  constructor(openPage: OpenComputePage) {
    this.#openPage = openPage
  }

  /** A port for a thread, to be transferred there and given to openRemoteEngine. */
  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    const onEnd = (): void => void (this.#session = null)
    this.#session ??= new PageSession(this.#openPage, onEnd)
    this.#session.attach(port1)
    return port2
  }

  close(): void {
    this.#session?.close()
  }
}
