import { defineStore } from 'pinia'
import { onScopeDispose, shallowReactive } from 'vue'

/** What a key, a button or the native menu can ask for. Each is carried out by the component that can. */
export type Command =
  | 'open'
  | 'find'
  | 'export'
  /** The dialog that saves the forest as a picture. */
  | 'picture'
  | 'undo'
  | 'redo'
  | 'compare'
  | 'claims'
  | 'settings'
  | 'shortcuts'
  | 'library'
  | 'fit'
  | 'zoom-in'
  | 'zoom-out'
  | 'back'

/** Who carries out which command at the moment. */
export const useCommands = defineStore('commands', () => {
  const handlers = shallowReactive(new Map<Command, () => void>())

  /** Carries out a command for as long as the component that calls this lives. */
  function handle(command: Command, handler: () => void): void {
    handlers.set(command, handler)
    onScopeDispose(() => {
      if (handlers.get(command) === handler) handlers.delete(command)
    })
  }

  return {
    handle,
    /** True while somebody can carry it out. */
    can: (command: Command): boolean => handlers.has(command),
    /** False where nobody can. */
    run(command: Command): boolean {
      const handler = handlers.get(command)
      handler?.()
      return handler !== undefined
    },
  }
})
