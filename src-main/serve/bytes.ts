import type { IncomingMessage } from 'node:http'
import { ReadRefusal, type PageListener } from '../engine/compute/page/page-line.ts'

/** Ends an answer. */
export type Send = (
  status: number,
  type: string,
  content: string | Buffer,
  more?: Readonly<Record<string, string>>,
) => void

/** There is no such tensor, it is not wanted any more, the range is not its next one. */
const STATUS: Readonly<Record<ReadRefusal['reason'], number>> = { unknown: 404, withdrawn: 410, range: 416 }

/**
 * Hands the next bytes of a granted tensor to the compute page that is connected: what a `Range` of one part asks for.
 * @param listener whom the page measures for; null while that is nobody
 */
export async function sendBytes(
  { headers, method }: IncomingMessage,
  id: number,
  listener: PageListener | null,
  send: Send,
): Promise<void> {
  const refuse = (status: number, text: string): void => send(status, 'text/plain; charset=utf-8', `${text}\n`)
  const range = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(headers.range ?? '')
  if (!listener) return refuse(404, 'Nothing is being measured.')
  if (method !== 'GET' || !range) return refuse(416, 'Ask for one range.')
  const [first, last] = [Number(range[1]), Number(range[2])]
  try {
    const bytes = await listener.read(id, first, last - first + 1)
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    send(206, 'application/octet-stream', content, { 'Content-Range': `bytes ${first}-${last}/*` })
  } catch (error) {
    if (!(error instanceof ReadRefusal)) throw error
    refuse(STATUS[error.reason], error.message)
  }
}
