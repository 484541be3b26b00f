import type { DesktopBridge } from '../../../src-main/contract/bridge.ts'
import type { EngineClient } from '../../../src-main/contract/client.ts'
import { remoteClient } from '../../../src-main/contract/remote-client.ts'
import { reconnectingClient } from './reconnecting.ts'
import { openSocket, socketAddress } from './websocket.ts'

declare global {
  interface Window {
    readonly heirloom?: DesktopBridge
  }
}

/** The engine of this host: behind the bridge of the desktop application, else behind a WebSocket of the page's origin. */
export function connect(): EngineClient {
  const bridge = window.heirloom
  return bridge ? remoteClient(bridge) : reconnectingClient(() => openSocket(socketAddress(location)))
}
