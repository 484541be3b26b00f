import { onScopeDispose, watch } from 'vue'
import { useClient } from '../client/key.ts'
import { useSelection } from '../stores/selection.ts'
import { useSession } from '../stores/session.ts'
import { useView } from '../stores/view.ts'

/** Long enough to gather the steps of one movement, in milliseconds. */
const SAVE_AFTER = 400

/** Restores how a folder was looked at when it is opened, and saves it while it is looked at. */
export function useSavedView(): void {
  const client = useClient()
  const session = useSession()
  const view = useView()
  const selection = useSelection()
  let restored: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(
    () => session.folder?.id,
    async (folder) => {
      clearTimeout(timer)
      restored = null
      selection.select(null)
      if (folder === undefined) return
      const saved = await session.attempt(() => client.request('view.get', { folder }))
      if (!saved || session.folder?.id !== folder) return
      view.restore(saved)
      restored = folder
    },
    { immediate: true },
  )

  watch(
    () => view.state,
    (state) => {
      const folder = restored
      if (folder === null) return
      clearTimeout(timer)
      timer = setTimeout(
        () => void session.attempt(() => client.request('view.set', { folder, view: state })),
        SAVE_AFTER,
      )
    },
  )
  onScopeDispose(() => clearTimeout(timer))
}
