import type { EventKind, Events } from './events.ts'
import type { RequestKind, Requests } from './requests.ts'

/** What every host's AbortSignal has. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The engine as a user interface sees it: the same over IPC, a WebSocket, or in one process. */
export interface EngineClient {
  /**
   * Asks the engine; an aborted signal ends the work there too.
   * @throws EngineError, also `cancelled` for an aborted signal and `connection-lost`
   */
  request<Kind extends RequestKind>(
    kind: Kind,
    parameters: Requests[Kind]['parameters'],
    options?: { readonly signal?: CancelSignal },
  ): Promise<Requests[Kind]['result']>
  /** Calls the listener for every such event until the returned function is called. */
  on<Kind extends EventKind>(kind: Kind, listener: (event: Events[Kind]) => void): () => void
}
