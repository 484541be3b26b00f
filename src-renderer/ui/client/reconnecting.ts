import type { EngineClient } from '../../../src-main/contract/client.ts'
import { EngineError } from '../../../src-main/contract/errors.ts'
import { EVENT_KINDS, type EngineState, type EventKind, type Events } from '../../../src-main/contract/events.ts'
import { remoteClient, type Channel } from '../../../src-main/contract/remote-client.ts'
import { QUESTIONS } from '../../../src-main/contract/requests.ts'
import { words } from '../words.ts'

// Milliseconds between two attempts: soon at first, then at ease.
const FIRST_WAIT = 250
const LONGEST_WAIT = 5000
/** Attempts that fail before the window says that the engine is gone; it goes on trying. */
const ATTEMPTS_BEFORE_FAILED = 6

/**
 * A client that outlives its connection. While there is none, requests wait for the next one and `engine.state` says so;
 * of those that were on their way when it broke, questions are asked once more, and the others are rejected with
 * `connection-lost`: nobody knows whether they were carried out.
 */
export function reconnectingClient(connect: () => Promise<Channel>): EngineClient {
  const listeners = new Map<EventKind, Set<(event: never) => void>>()

  function emit<Kind extends EventKind>(kind: Kind, event: Events[Kind]): void {
    for (const listener of listeners.get(kind) ?? []) listener(event as never)
  }

  function tell(state: EngineState['state'], message: string): void {
    emit('engine.state', { state, message })
  }

  async function establish(): Promise<EngineClient> {
    for (let failures = 0; ; failures++) {
      const channel = await connect().catch(() => null)
      if (channel) return adopt(channel)
      if (failures + 1 < ATTEMPTS_BEFORE_FAILED) tell('restarting', words.engine.reconnecting)
      else tell('failed', words.engine.gone)
      await pause(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures))
    }
  }

  function adopt(channel: Channel): EngineClient {
    const client = remoteClient({
      send: (message) => channel.send(message),
      onMessage: (listener) => channel.onMessage(listener),
      onClose: (listener) =>
        channel.onClose(() => {
          listener()
          tell('restarting', words.engine.reconnecting)
          connected = establish()
        }),
    })
    for (const kind of EVENT_KINDS) client.on(kind, (event) => emit(kind, event))
    tell('ready', '')
    return client
  }

  let connected = establish()
  return {
    async request(kind, parameters, options) {
      try {
        return await (await connected).request(kind, parameters, options)
      } catch (error) {
        if (!isLost(error) || !QUESTIONS.has(kind)) throw error
        return await (await connected).request(kind, parameters, options)
      }
    },
    on(kind, listener) {
      const those = listeners.get(kind) ?? new Set()
      listeners.set(kind, those.add(listener))
      return () => those.delete(listener)
    },
  }
}

function isLost(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'connection-lost'
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
