import type { WebSocket } from 'ws'
import type { ToComputePage } from '../contract/compute.ts'
import type { OpenComputePage, PageListener } from '../engine/compute/page/page-line.ts'
import { decodeComputeMessage } from './compute-message.ts'

/** Closing code of RFC 6455: a policy that was broken. */
const REFUSED = 1008

/**
 * The compute page that somebody has opened in a browser. Messages go over its socket, bytes over requests of its own.
 * Scans use it while it is there; one page at a time.
 */
export class ServedComputePage {
  #socket: WebSocket | null = null
  #listener: PageListener | null = null

  get connected(): boolean {
    return this.#socket !== null
  }

  /** Whom it measures for; null while that is nobody. */
  get listener(): PageListener | null {
    return this.#listener
  }

  readonly open: OpenComputePage = (listener) => {
    const socket = this.#socket
    if (!socket) return null
    this.#listener = listener
    // Bytes are never sent unasked: this page reads them by requests.
    const send = (message: ToComputePage): void => socket.send(JSON.stringify(message))
    return {
      send,
      close: (reason) => {
        if (this.#listener === listener) this.#listener = null
        if (reason !== null) socket.close(REFUSED, reason)
        else if (socket.readyState === socket.OPEN) send({ type: 'close' })
      },
    }
  }

  connect(socket: WebSocket): void {
    this.#socket = socket
    // Too large a message, a broken frame: ws closes the connection by itself.
    socket.on('error', () => {})
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? null : decodeComputeMessage(String(data))
      if (message) this.#listener?.hear(message)
      else socket.close(REFUSED, 'It was no message of a compute page.')
    })
    socket.on('close', () => {
      this.#socket = null
      this.#listener?.gone('the browser closed it')
      this.#listener = null
    })
  }
}
