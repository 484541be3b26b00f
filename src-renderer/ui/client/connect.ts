import type { EngineClient } from '../../../src-main/contract/client.ts'
import { desktopBridge } from './bridge.ts'
import { jsonChannel } from './json-channel.ts'
import { reconnectingClient } from './reconnecting.ts'
import { openSocket, socketAddress } from './websocket.ts'

/** The engine of this host: behind the bridge of the desktop application, else behind a WebSocket of the page's origin. */
export function connect(): EngineClient {
  const bridge = desktopBridge()
  const open = bridge ? () => bridge.connect() : () => openSocket(socketAddress(location))
  return reconnectingClient(async () => jsonChannel(await open()))
}
