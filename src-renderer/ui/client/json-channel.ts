import type { TextChannel } from '../../../src-main/contract/bridge.ts'
import type { Channel } from '../../../src-main/contract/remote-client.ts'

/** The channel of a client over one that carries texts. */
export function jsonChannel(channel: TextChannel): Channel {
  return {
    send: (message) => channel.send(JSON.stringify(message)),
    onMessage: (listener) => channel.onText((text) => listener(parse(text))),
    onClose: (listener) => channel.onClose(listener),
  }
}

/** What is not JSON is no message; the client drops it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
