import type { FromComputePage } from './compute.ts'
import type { Folder } from './folders.ts'

/** What the native menu of the desktop application can ask of the window. */
export const MENU_COMMANDS = ['open', 'find', 'export', 'undo', 'redo', 'settings', 'shortcuts', 'fit'] as const
export type MenuCommand = (typeof MENU_COMMANDS)[number]

/** Carries messages as JSON texts, which cross the border between two worlds of a page quickest. */
export interface TextChannel {
  send(text: string): void
  /** Called once. */
  onText(listener: (text: string) => void): void
  /** Called once. Nothing comes after it. */
  onClose(listener: () => void): void
}

/** `window.heirloom`: what the preload script of the desktop application lends to the page, and nothing else. */
export interface DesktopBridge {
  /** A new line to the engine; rejects where it does not run. */
  connect(): Promise<TextChannel>
  /**
   * Grants what was dropped on the window, a `File` of the page; the path never reaches the page.
   * Null for anything but a folder.
   */
  grantDropped(file: unknown): Promise<Folder | null>
  /** Called once. */
  onMenu(listener: (command: MenuCommand) => void): void
}

/** A line between the engine and the compute page. */
export interface ComputeChannel {
  send(message: FromComputePage): void
  /** Called once. The messages are as they came. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once. Nothing comes after it. */
  onClose(listener: () => void): void
  /**
   * The next bytes of a granted tensor, at most LARGEST_READ; one read of a tensor at a time. Rejects where the tensor is
   * not wanted any more.
   */
  read(id: number, offset: number, length: number): Promise<Uint8Array>
}

/** `window.heirloomCompute`: what the preload script lends to the compute page, and nothing else. */
export interface ComputeBridge {
  connect(): Promise<ComputeChannel>
}
