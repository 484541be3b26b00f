import fs from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import WebSocket from 'ws'
import { remoteClient, type Channel } from '../../src-main/contract/remote-client.ts'
import { openEngineHost, type EngineHost } from '../../src-main/engine/host/host.ts'
import { ServedComputePage } from '../../src-main/serve/compute-page.ts'
import { servedDevice } from '../../src-main/serve/served-device.ts'
import { startServer } from '../../src-main/serve/server.ts'

export interface TestServer {
  readonly host: EngineHost
  readonly computePage: ServedComputePage
  readonly origin: string
  readonly port: number
  readonly token: string
  readonly bugs: unknown[]
  close(): Promise<void>
}

const sockets: WebSocket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate()
})

/** A server, closed when the test file ends; with small pages of its own, or with the built ones. */
export async function testServer(built?: string): Promise<TestServer> {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'heirloom-serve-')))
  const own = join(folder, 'renderer')
  fs.mkdirSync(join(own, 'ui'), { recursive: true })
  fs.mkdirSync(join(own, 'compute', 'page'), { recursive: true })
  fs.mkdirSync(join(own, 'assets'))
  fs.writeFileSync(join(own, 'ui', 'index.html'), '<!doctype html><title>page</title>')
  fs.writeFileSync(join(own, 'compute', 'page', 'index.html'), '<!doctype html><title>compute</title>')
  fs.writeFileSync(join(own, 'assets', 'ui.js'), 'export {}')
  fs.writeFileSync(join(own, 'assets', 'notes.txt'), 'not a part of the page')
  fs.writeFileSync(join(folder, 'secret.js'), 'outside')
  fs.symlinkSync(join(folder, 'secret.js'), join(own, 'assets', 'link.js'))
  const bugs: unknown[] = []
  const computePage = new ServedComputePage()
  const host = openEngineHost({
    version: 'test',
    library: join(folder, 'library.db'),
    openDevice: servedDevice(computePage),
  })
  const server = await startServer({
    host,
    computePage,
    pages: built ?? own,
    address: '127.0.0.1',
    port: 0,
    onBug: (bug) => bugs.push(bug),
  })
  const url = new URL(server.url)
  let closed: Promise<void> | null = null
  const close = (): Promise<void> => (closed ??= server.close().then(() => host.close()))
  afterAll(async () => {
    await close()
    fs.rmSync(folder, { recursive: true })
  })
  const token = url.searchParams.get('token')!
  return { host, computePage, origin: url.origin, port: Number(url.port), token, bugs, close }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Asks with the path as it is: nothing is resolved on the way. */
export function ask(
  { port }: TestServer,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** An open socket; rejects with the status that it was refused with. */
export function connect(
  server: TestServer,
  { path = `/socket?token=${server.token}`, origin = server.origin, headers = {} } = {} as {
    path?: string
    origin?: string
    headers?: Record<string, string>
  },
): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers: { origin, ...headers } })
  sockets.push(socket)
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_, response) => reject(new Error(String(response.statusCode))))
    socket.on('error', reject)
  })
}

/** The code that a socket is closed with. */
export function closing(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.on('close', resolve))
}

/** The client that a page has. */
export async function connectClient(server: TestServer) {
  const socket = await connect(server)
  const channel: Channel = {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => socket.on('message', (data) => listener(JSON.parse(String(data)))),
    onClose: (listener) => socket.on('close', listener),
  }
  return remoteClient(channel)
}
