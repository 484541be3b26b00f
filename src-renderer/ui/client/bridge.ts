import type { DesktopBridge } from '../../../src-main/contract/bridge.ts'

/** What the preload script of the desktop application lends to the page; undefined in a browser. */
export function desktopBridge(): DesktopBridge | undefined {
  return (window as { readonly heirloom?: DesktopBridge }).heirloom
}
