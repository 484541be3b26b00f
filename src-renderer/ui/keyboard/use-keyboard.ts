import { onBeforeUnmount } from 'vue'
import { useCommands } from '../stores/commands.ts'
import { useSession } from '../stores/session.ts'
import { actionOf, isMac } from './keys.ts'
import { moveToRegion } from './regions.ts'

/** Listens for the keys of the window, for as long as the component lives. */
export function useKeyboard(): void {
  const commands = useCommands()
  const session = useSession()

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || document.querySelector('[role="dialog"], [role="menu"]')) return
    const action = actionOf(event, { mac: isMac, typing: isField(event.target) })
    if (!action) return
    if (action.kind === 'region') moveToRegion(action.step)
    else if (action.kind === 'command' && !commands.run(action.command)) return
    else if (action.kind === 'folder') {
      const folder = session.folders[action.place]
      if (!folder) return
      void session.open(folder.id)
    }
    event.preventDefault()
  }

  window.addEventListener('keydown', onKey)
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey))
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement
}
