import type { TextChannel } from '../../../src-main/contract/bridge.ts'
import { parseJson } from '../../../src-main/contract/messages.ts'
import type { Channel } from '../../../src-main/contract/remote-client.ts'

/** The channel of a client over one that carries texts. */
export function jsonChannel(channel: TextChannel): Channel {
  return {
    send: (message) => channel.send(JSON.stringify(message)),
    onMessage: (listener) => channel.onText((text) => listener(parseJson(text))),
    onClose: (listener) => channel.onClose(listener),
  }
}
