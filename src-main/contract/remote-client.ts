import type { CancelSignal, EngineClient } from './client.ts'
import { createEmitter } from './emitter.ts'
import { EngineError } from './errors.ts'
import { asEngineError, parseHostMessage, type ClientMessage } from './messages.ts'
import type { RequestKind, Requests } from './requests.ts'

/** Carries messages to an engine elsewhere and back, in order: a WebSocket, a MessagePort. */
export interface Channel {
  send(message: ClientMessage): void
  /** Called once. The messages are as they came; they are checked here. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once. Nothing comes after it. */
  onClose(listener: () => void): void
}

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: EngineError) => void
  readonly settled: () => void
}

/** The client of an engine at the other end of a channel, which is open. */
export function remoteClient(channel: Channel): EngineClient {
  const waiting = new Map<number, Waiting>()
  const { emit, on } = createEmitter()
  let nextId = 0
  let closed = false

  const take = (id: number): Waiting | undefined => {
    const one = waiting.get(id)
    waiting.delete(id)
    one?.settled()
    return one
  }
  channel.onMessage((data) => {
    const message = parseHostMessage(data)
    if (message?.type === 'result') take(message.id)?.resolve(message.result as never)
    else if (message?.type === 'failure') take(message.id)?.reject(asEngineError(message.failure))
    else if (message) emit(message.kind, message.event as never)
  })
  channel.onClose(() => {
    closed = true
    for (const id of [...waiting.keys()]) take(id)?.reject(lost())
  })

  return {
    request<Kind extends RequestKind>(
      kind: Kind,
      parameters: Requests[Kind]['parameters'],
      { signal }: { readonly signal?: CancelSignal } = {},
    ): Promise<Requests[Kind]['result']> {
      if (closed) return Promise.reject(lost())
      if (signal?.aborted) return Promise.reject(cancelled())
      return new Promise((resolve, reject) => {
        const id = nextId++
        const cancel = (): void => {
          take(id)?.reject(cancelled())
          channel.send({ type: 'cancel', id })
        }
        signal?.addEventListener('abort', cancel)
        waiting.set(id, { resolve, reject, settled: () => signal?.removeEventListener('abort', cancel) })
        channel.send({ type: 'request', id, kind, parameters })
      })
    },
    on,
  }
}

function lost(): EngineError {
  return new EngineError('connection-lost', 'The connection to the engine was lost.')
}

function cancelled(): EngineError {
  return new EngineError('cancelled', 'It was cancelled.')
}
