import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../engine/hosts.ts'
import { ask, closing, connect, connectClient, testServer, type TestServer } from './servers.ts'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})

/** It still answers a client that is in order. */
async function expectAlive(): Promise<void> {
  const client = await connectClient(server)
  expect(await client.request('host.describe', {})).toMatchObject({ host: 'browser', version: 'test' })
}

describe('a page of this server', () => {
  test('asks the engine, hears events, and is told what failed', async () => {
    const client = await connectClient(server)
    const other = await connectClient(server)
    const heard = new Promise((resolve) => other.on('folders.changed', resolve))
    const folder = await client.request('folders.openSample', {})
    expect(await client.request('folders.list', {})).toEqual([folder])
    expect(await heard).toEqual({})
    expect(await codeOf(client.request('graph.get', { folder: 'unknown' }))).toBe('folder-unknown')
    expect(await codeOf(client.request('graph.get', { folder: 7 } as never))).toBe('request-invalid')
    expect(await codeOf(client.request('no.such' as never, {} as never))).toBe('request-unknown')
    expect(server.bugs).toEqual([])
  })

  test('is known by its cookie too', async () => {
    const { headers } = await ask(server, `/?token=${server.token}`)
    const cookie = headers['set-cookie']![0]!.split(';')[0]!
    await connect(server, { path: '/socket', headers: { cookie } })
  })
})

describe('a connection is refused', () => {
  test('without the token', async () => {
    await expect(connect(server, { path: '/socket' })).rejects.toThrow('403')
    await expect(connect(server, { path: '/socket?token=wrong' })).rejects.toThrow('403')
  })

  test.each(['http://evil.example', 'null', 'http://localhost', 'https://127.0.0.1', ''])(
    'for the origin "%s"',
    async (origin) => {
      await expect(connect(server, { origin })).rejects.toThrow('403')
    },
  )

  test('for another host, whatever its origin', async () => {
    const elsewhere = { origin: 'http://evil.example', headers: { host: 'evil.example' } }
    await expect(connect(server, elsewhere)).rejects.toThrow('421')
  })

  test('at another path', async () => {
    await expect(connect(server, { path: `/?token=${server.token}` })).rejects.toThrow('404')
  })

  test('when there are more than one person opens', async () => {
    const crowd = await testServer()
    for (let count = 0; count < 16; count++) await connect(crowd)
    await expect(connect(crowd)).rejects.toThrow('503')
  })
})

describe('a connection is ended', () => {
  const refused: [string, string][] = [
    ['no JSON', '{'],
    ['nothing', ''],
    ['another type', '{"type":"shutdown"}'],
    ['no number', '{"type":"request","id":"1","kind":"host.describe","parameters":{}}'],
    ['a field too many', '{"type":"cancel","id":1,"more":true}'],
    ['an array', '[]'],
    ['deep nesting', '['.repeat(100_000)],
  ]
  test.each(refused)('by a message that is %s', async (_, message) => {
    const socket = await connect(server)
    socket.send(message)
    expect(await closing(socket)).toBe(1008)
    await expectAlive()
  })

  test('by bytes', async () => {
    const socket = await connect(server)
    socket.send(Buffer.from([1, 2, 3]))
    expect(await closing(socket)).toBe(1003)
    await expectAlive()
  })

  test('by a message that is too large', async () => {
    const socket = await connect(server)
    socket.send('x'.repeat(5 * 1024 * 1024))
    expect(await closing(socket)).toBe(1009)
    await expectAlive()
  })

  test('by a number that is in use', async () => {
    const socket = await connect(server)
    const request = JSON.stringify({ type: 'request', id: 1, kind: 'folders.browse', parameters: { folder: null } })
    socket.send(request)
    socket.send(request)
    expect(await closing(socket)).toBe(1008)
  })
})

test('more requests at once than any page has are refused one by one', async () => {
  const client = await connectClient(server)
  const requests = Array.from({ length: 2000 }, () => client.request('folders.browse', { folder: null }))
  const ended = await Promise.allSettled(requests)
  const refused = ended.filter((one) => one.status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'too-many-requests' })
  expect(ended.length - refused.length).toBeGreaterThanOrEqual(256)
})

test('closing ends connections and frees the port', async () => {
  const own = await testServer()
  const client = await connectClient(own)
  await client.request('folders.list', {})
  await own.close()
  await expect.poll(() => codeOf(client.request('folders.list', {}))).toBe('connection-lost')
  await expect(ask(own, '/')).rejects.toThrow('ECONNREFUSED')
})
