import type { Folder } from './folders.ts'
import type { Channel } from './remote-client.ts'

/** What the native menu of the desktop application can ask of the window. */
export const MENU_COMMANDS = ['open', 'find', 'export', 'undo', 'redo', 'settings', 'shortcuts', 'fit'] as const
export type MenuCommand = (typeof MENU_COMMANDS)[number]

/** `window.heirloom`: what the preload script of the desktop application lends to the page, and nothing else. */
export interface DesktopBridge extends Channel {
  /**
   * Grants what was dropped on the window, a `File` of the page; the path never reaches the page.
   * Null for anything but a folder.
   */
  grantDropped(file: unknown): Promise<Folder | null>
  /** Called once. */
  onMenu(listener: (command: MenuCommand) => void): void
}
