import type { WebSocket } from 'ws'
import { parseJson } from '../contract/messages.ts'
import type { HostChannel } from '../engine/host/serve-channel.ts'

/** Progress is left out for a page that is so far behind; what comes later says the same and more. */
const FAR_BEHIND = 8 * 1024 * 1024

/** Closing codes of RFC 6455: data of a kind that is not taken, a policy that was broken. */
const NOT_TEXT = 1003
const REFUSED = 1008

/** A WebSocket that carries one JSON text a message. */
export function socketChannel(socket: WebSocket): HostChannel {
  // Too large a message, a broken frame: ws closes the connection by itself.
  socket.on('error', () => {})
  return {
    send: (message) => {
      if (socket.readyState !== socket.OPEN) return
      const isProgress = message.type === 'event' && message.kind === 'scan.progress'
      if (isProgress && socket.bufferedAmount > FAR_BEHIND) return
      socket.send(JSON.stringify(message))
    },
    onMessage: (listener) =>
      socket.on('message', (data, isBinary) => {
        if (isBinary) return socket.close(NOT_TEXT)
        const message = parseJson(String(data))
        if (message === undefined) return socket.close(REFUSED, 'It was no JSON.')
        listener(message)
      }),
    onClose: (listener) => socket.on('close', listener),
    refuse: (reason) => socket.close(REFUSED, reason),
  }
}
