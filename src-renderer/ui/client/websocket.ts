import type { Channel } from '../../../src-main/contract/remote-client.ts'

/** Where the page that `heirloom serve` has sent finds its engine: same origin, same token. */
export function socketAddress(page: Location): string {
  const address = new URL('socket', page.href)
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  address.search = page.search
  return address.href
}

/** Connects to an engine; rejects where nobody answers. */
export function openSocket(address: string): Promise<Channel> {
  const socket = new WebSocket(address)
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(channelOf(socket)))
    socket.addEventListener('error', () => reject(new Error('No engine answers.')))
  })
}

function channelOf(socket: WebSocket): Channel {
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener(parse(data))),
    onClose: (listener) => socket.addEventListener('close', () => listener()),
  }
}

/** What is not JSON is no message; the client drops it. */
function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data))
  } catch {
    return null
  }
}
