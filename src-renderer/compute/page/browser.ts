import { LARGEST_READ, type FromComputePage } from '../../../src-main/contract/compute.ts'
import type { PageChannel } from './channel.ts'

/**
 * The engine that has served this page: messages over a WebSocket, bytes by ranged requests.
 * @throws Error where it does not answer
 */
export function connectToServer(page: URL): Promise<PageChannel> {
  const address = new URL('/compute', page)
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  address.search = page.search
  const socket = new WebSocket(address.href)
  const readInto = rangedReader(page)
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('The engine does not answer.')))
    socket.addEventListener('open', () =>
      resolve({
        send: (message) => socket.send(encode(message)),
        onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener(JSON.parse(String(data)))),
        onClose: (listener) => socket.addEventListener('close', () => listener()),
        readInto,
      }),
    )
  })
}

/** What JSON has no word for; the server knows where each belongs. */
function encode(message: FromComputePage): string {
  return JSON.stringify(message, (_key, value: unknown) => {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).toBase64()
    return Number.isNaN(value) ? 'NaN' : Object.is(value, -0) ? '-0' : value
  })
}

/** One read after the other, through one buffer that the browser fills itself. */
function rangedReader(page: URL): PageChannel['readInto'] {
  let buffer = new ArrayBuffer(LARGEST_READ)
  let turn: Promise<void> = Promise.resolve()
  const read = async (target: Uint8Array, id: number, offset: number): Promise<void> => {
    const address = new URL(`/bytes/${id}`, page)
    const Range = `bytes=${offset}-${offset + target.length - 1}`
    const { status, body } = await fetch(address.href + page.search, { headers: { Range } })
    if (status !== 206 || !body) throw new Error(`The server answered ${status}.`)
    const reader = body.getReader({ mode: 'byob' })
    for (let at = 0; at < target.length;) {
      const { value } = await reader.read(new Uint8Array(buffer, 0, target.length - at))
      if (!value?.length) throw new Error(`The server sent ${at} of ${target.length} bytes.`)
      target.set(value, at)
      buffer = value.buffer
      at += value.length
    }
    await reader.cancel()
  }
  return (target, id, offset) => {
    const reading = turn.then(() => read(target, id, offset))
    turn = reading.catch(() => {
      // The browser may have kept it.
      buffer = new ArrayBuffer(LARGEST_READ)
    })
    return reading
  }
}
