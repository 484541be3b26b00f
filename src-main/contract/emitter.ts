import type { EventKind, Events } from './events.ts'

/** Hands events to whoever listens. */
export interface Emitter {
  emit<Kind extends EventKind>(kind: Kind, event: Events[Kind]): void
  on<Kind extends EventKind>(kind: Kind, listener: (event: Events[Kind]) => void): () => void
}

export function createEmitter(): Emitter {
  const listeners = new Map<EventKind, Set<(event: never) => void>>()
  return {
    emit: (kind, event) => {
      for (const listener of [...(listeners.get(kind) ?? [])]) listener(event as never)
    },
    on: (kind, listener) => {
      const those = listeners.get(kind) ?? new Set()
      listeners.set(kind, those.add(listener))
      return () => those.delete(listener)
    },
  }
}
