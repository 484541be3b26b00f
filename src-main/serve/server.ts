import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { EngineHost } from '../engine/host/host.ts'
import { serveChannel } from '../engine/host/serve-channel.ts'
import { createAccess, type Access } from './access.ts'
import { sendBytes, type Send } from './bytes.ts'
import type { ServedComputePage } from './compute-page.ts'
import { securityHeaders } from './headers.ts'
import { readPageFiles, type PageFile } from './page-files.ts'
import { socketChannel } from './socket-channel.ts'

/** Where the pages connect to: the user interface, and the one that computes. */
const SOCKET_PATH = '/socket'
const COMPUTE_PATH = '/compute'
/** A list of all models of a large folder takes some hundred kilobytes. */
const LARGEST_MESSAGE = 4 * 1024 * 1024
/** Windows of one person. */
const MOST_CONNECTIONS = 16

export interface ServeOptions {
  readonly host: EngineHost
  /** Where a compute page goes that somebody opens. */
  readonly computePage: ServedComputePage
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
export async function startServer({
  host,
  computePage,
  pages,
  address,
  port,
  onBug,
}: ServeOptions): Promise<RunningServer> {
  const access = createAccess(address)
  const files = readPageFiles(pages)
  const server = createServer((request, response) => answer(request, response, access, files, computePage))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, clientTracking: true })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A browser that goes away meanwhile is no failure.
    stream.on('error', () => {})
    const computes = pathOf(request) === COMPUTE_PATH
    const isTaken = sockets.clients.size >= MOST_CONNECTIONS || (computes && computePage.connected)
    const refusal = refuseSocket(request, access) ?? (isTaken ? 503 : null)
    if (refusal !== null) return void stream.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\n\r\n`)
    sockets.handleUpgrade(request, stream, head, (socket) => {
      if (computes) computePage.connect(socket)
      else serveChannel(host, socketChannel(socket), onBug)
    })
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

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  files: ReadonlyMap<string, PageFile>,
  { listener }: ServedComputePage,
): void {
  const send: Send = (status, type, content, more = {}) => {
    const headers = access.isForHere(request) ? securityHeaders(request.headers.host!) : {}
    response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': content.length, ...more })
    response.end(request.method === 'HEAD' ? '' : content)
  }
  const refuse = (status: number, text: string): void => send(status, 'text/plain; charset=utf-8', `${text}\n`)
  if (!access.isForHere(request)) return refuse(421, 'This is not the address of this server.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Files can only be read.')
  if (!access.hasToken(request)) return refuse(403, 'Open the whole address that Heirloom has printed.')
  const asked = pathOf(request)
  const tensor = /^\/bytes\/(\d{1,15})$/.exec(asked)
  if (tensor) return void sendBytes(request, Number(tensor[1]), listener, send)
  const file = files.get(asked)
  if (!file) return refuse(404, 'There is no such file.')
  send(200, file.type, file.content, { 'Set-Cookie': access.cookie })
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0]!
}

/** The status to refuse with; null for a page of this server that knows the token. */
function refuseSocket(request: IncomingMessage, access: Access): number | null {
  if (!access.isForHere(request)) return 421
  if (![SOCKET_PATH, COMPUTE_PATH].includes(pathOf(request))) return 404
  return access.isFromHere(request) && access.hasToken(request) ? null : 403
}

function shownAddress(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return address.includes(':') ? `[${address}]` : address
}
