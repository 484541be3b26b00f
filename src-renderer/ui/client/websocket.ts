import type { TextChannel } from '../../../src-main/contract/bridge.ts'

/** Where the page that `heirloom serve` has sent finds its engine: same origin, same token. */
export function socketAddress(page: Location): string {
  const address = new URL('socket', page.href)
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  address.search = page.search
  return address.href
}

/** Connects to an engine; rejects where nobody answers. */
export function openSocket(address: string): Promise<TextChannel> {
  const socket = new WebSocket(address)
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(channelOf(socket)))
    socket.addEventListener('error', () => reject(new Error('No engine answers.')))
  })
}

function channelOf(socket: WebSocket): TextChannel {
  return {
    send: (text) => socket.send(text),
    onText: (listener) => socket.addEventListener('message', ({ data }) => listener(String(data))),
    onClose: (listener) => socket.addEventListener('close', () => listener()),
  }
}
