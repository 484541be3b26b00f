import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { EngineHost } from '../engine/host/host.ts'
import { serveChannel } from '../engine/host/serve-channel.ts'
import { createAccess, type Access } from './access.ts'
import { securityHeaders } from './headers.ts'
import { readPageFiles, type PageFile } from './page-files.ts'
import { socketChannel } from './socket-channel.ts'

/** Where the page connects to. */
const SOCKET_PATH = '/socket'
/** A list of all models of a large folder takes some hundred kilobytes. */
const LARGEST_MESSAGE = 4 * 1024 * 1024
/** Windows of one person. */
const MOST_CONNECTIONS = 16

export interface ServeOptions {
  readonly host: EngineHost
  /** Absolute path of the built pages. */
  readonly pages: string
  /** To listen at: 127.0.0.1 unless the user said otherwise. */
  readonly address: string
  /** 0 takes a free one. */
  readonly port: number
  /** Told of failures that nobody expected. */
  readonly onBug: (error: unknown) => void
}

export interface RunningServer {
  /** To be opened in a browser; whoever has it may use the engine. */
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Serves the user interface and the engine to browsers that know the token.
 * @throws Error, from the operating system, where it cannot listen there
 */
export async function startServer({ host, pages, address, port, onBug }: ServeOptions): Promise<RunningServer> {
  const access = createAccess(address)
  const files = readPageFiles(pages)
  const server = createServer((request, response) => sendFile(request, response, access, files))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, clientTracking: true })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A browser that goes away meanwhile is no failure.
    stream.on('error', () => {})
    const refusal = refuseSocket(request, access) ?? (sockets.clients.size >= MOST_CONNECTIONS ? 503 : null)
    if (refusal !== null) return void stream.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\n\r\n`)
    sockets.handleUpgrade(request, stream, head, (socket) => serveChannel(host, socketChannel(socket), onBug))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, resolve)
  })
  return {
    url: `http://${shownAddress(address)}:${(server.address() as AddressInfo).port}/?token=${access.token}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  files: ReadonlyMap<string, PageFile>,
): void {
  const send = (status: number, type: string, content: string | Buffer, more: Record<string, string> = {}): void => {
    const headers = access.isForHere(request) ? securityHeaders(request.headers.host!) : {}
    response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': content.length, ...more })
    response.end(request.method === 'HEAD' ? '' : content)
  }
  const refuse = (status: number, text: string): void => send(status, 'text/plain; charset=utf-8', `${text}\n`)
  if (!access.isForHere(request)) return refuse(421, 'This is not the address of this server.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Files can only be read.')
  if (!access.hasToken(request)) return refuse(403, 'Open the whole address that Heirloom has printed.')
  const file = files.get((request.url ?? '').split('?')[0]!)
  if (!file) return refuse(404, 'There is no such file.')
  send(200, file.type, file.content, { 'Set-Cookie': access.cookie })
}

/** The status to refuse with; null for a page of this server that knows the token. */
function refuseSocket(request: IncomingMessage, access: Access): number | null {
  if (!access.isForHere(request)) return 421
  if (request.url?.split('?')[0] !== SOCKET_PATH) return 404
  return access.isFromHere(request) && access.hasToken(request) ? null : 403
}

function shownAddress(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return address.includes(':') ? `[${address}]` : address
}
