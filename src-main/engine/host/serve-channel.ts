import * as v from 'valibot'
import { EngineError } from '../../contract/errors.ts'
import { EVENT_KINDS } from '../../contract/events.ts'
import { ClientMessage, type HostMessage } from '../../contract/messages.ts'
import type { RequestKind } from '../../contract/requests.ts'
import type { EngineHost } from './host.ts'

/** More than a window that is in order ever has waiting. */
const MOST_WAITING = 256

/** The engine's end of a connection to one user interface. */
export interface HostChannel {
  send(message: HostMessage): void
  /** Called once. The messages are as they came; they are checked here. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once. Nothing comes after it. */
  onClose(listener: () => void): void
  /** Ends the connection: what came is nothing that a user interface of this version sends. */
  refuse(reason: string): void
}

/**
 * Answers one user interface until its connection ends; its unfinished requests are then cancelled, scans go on.
 * @param onBug told of failures that nobody expected
 */
export function serveChannel(host: EngineHost, channel: HostChannel, onBug: (error: unknown) => void): void {
  const waiting = new Map<number, AbortController>()
  const silence = EVENT_KINDS.map((kind) =>
    host.on(kind, (event) => channel.send({ type: 'event', kind, event } as HostMessage)),
  )
  channel.onClose(() => {
    for (const stop of silence) stop()
    for (const abort of waiting.values()) abort.abort()
    waiting.clear()
  })
  channel.onMessage((data) => {
    const parsed = v.safeParse(ClientMessage, data)
    if (!parsed.success) return channel.refuse('It was no message of the contract.')
    const message = parsed.output
    if (message.type === 'cancel') return waiting.get(message.id)?.abort()
    if (waiting.has(message.id)) return channel.refuse('The number of the request is in use.')
    if (waiting.size >= MOST_WAITING) {
      const error = new EngineError('too-many-requests', 'Too many requests wait for an answer.')
      return channel.send({ type: 'failure', id: message.id, failure: error.toFailure() })
    }
    const abort = new AbortController()
    waiting.set(message.id, abort)
    void answer(host, message, abort.signal, onBug).then((reply) => {
      if (waiting.delete(message.id)) channel.send(reply)
    })
  })
}

async function answer(
  host: EngineHost,
  { id, kind, parameters }: Extract<ClientMessage, { type: 'request' }>,
  signal: AbortSignal,
  onBug: (error: unknown) => void,
): Promise<HostMessage> {
  try {
    // Kind and parameters are checked by the host.
    return { type: 'result', id, result: await host.request(kind as RequestKind, parameters as never, { signal }) }
  } catch (error) {
    if (!(error instanceof EngineError)) onBug(error)
    const text = error instanceof Error ? error.message : String(error)
    const known = error instanceof EngineError ? error : new EngineError('internal', `Something went wrong: ${text}`)
    return { type: 'failure', id, failure: known.toFailure() }
  }
}
