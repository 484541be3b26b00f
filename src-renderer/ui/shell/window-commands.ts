import { desktopBridge } from '../client/bridge.ts'
import { useCommands } from '../stores/commands.ts'
import { useDialogs } from '../stores/dialogs.ts'
import { useScan } from '../stores/scan.ts'
import { useSelection } from '../stores/selection.ts'
import { useSession } from '../stores/session.ts'
import { useView } from '../stores/view.ts'

/** Carries out the commands that belong to no region. */
export function useWindowCommands(): void {
  const commands = useCommands()
  const dialogs = useDialogs()
  const scan = useScan()
  const selection = useSelection()
  const session = useSession()
  const view = useView()

  commands.handle('open', () => {
    if (session.host?.can.choose) void session.choose()
    else dialogs.show('browse')
  })
  commands.handle('undo', view.undo)
  commands.handle('redo', view.redo)
  commands.handle('settings', () => dialogs.show('settings'))
  commands.handle('shortcuts', () => dialogs.show('shortcuts'))
  commands.handle('claims', () => view.open({ kind: 'claims' }))
  commands.handle('compare', () => {
    if (selection.pair) view.open({ kind: 'layers', a: selection.pair[0], b: selection.pair[1] })
  })
  // One step out of whatever is deepest.
  commands.handle('back', () => {
    if (view.stage.kind !== 'forest') view.back()
    else if (scan.sheet === 'problems') scan.sheet = null
    else selection.select(null)
  })

  desktopBridge()?.onMenu((command) => void commands.run(command))
}
