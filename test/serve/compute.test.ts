import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type WebSocket from 'ws'
import type { ToComputePage } from '../../src-main/contract/compute.ts'
import { ComputeRelay } from '../../src-main/engine/compute/page/relay.ts'
import { openRemoteEngine } from '../../src-main/engine/compute/page/remote-engine.ts'
import type { Numbers } from '../../src-main/fingerprint/types.ts'
import type { ComputeEngine } from '../../src-renderer/compute/types.ts'
import { ask, closing, connect, testServer, type TestServer } from './servers.ts'

const BYTES = Uint8Array.from({ length: 8 }, (_, i) => i)
/** Two F32 that a page may have found in whatever it read. */
const base64 = (array: Float32Array) => Buffer.from(array.buffer).toString('base64')

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})

const COMPUTE = () => ({ path: `/compute?token=${server.token}` })
const get = (path: string, range?: string, method = 'GET') =>
  ask(server, `${path}?token=${server.token}`, { method, headers: range === undefined ? {} : { range } })

/** The page of the test before is gone. */
const noPage = () => vi.waitFor(() => expect(server.computePage.connected).toBe(false))

/** A page of the test, with a device; what it was told. */
async function openPage(): Promise<{ socket: WebSocket; told: ToComputePage[]; engine: Promise<ComputeEngine> }> {
  await noPage()
  const socket = await connect(server, COMPUTE())
  const told: ToComputePage[] = []
  socket.on('message', (data) => told.push(JSON.parse(String(data))))
  const engine = openRemoteEngine(new ComputeRelay(server.computePage.open).connect())
  const adapter = { vendor: '', architecture: '', description: 'a browser', software: false }
  socket.send(JSON.stringify({ type: 'opened', adapter, dtypes: ['F32'] }))
  return { socket, told, engine }
}

describe('a compute page', () => {
  test('is served like the other page, and connects as it does', async () => {
    expect(await get('/compute/')).toMatchObject({ status: 200, body: '<!doctype html><title>compute</title>' })
    await expect(connect(server, { path: '/compute' })).rejects.toThrow('403')
    await expect(connect(server, { ...COMPUTE(), origin: 'http://evil.example' })).rejects.toThrow('403')
    const elsewhere = { ...COMPUTE(), origin: 'http://evil.example', headers: { host: 'evil.example' } }
    await expect(connect(server, elsewhere)).rejects.toThrow('421')
  })

  test('is the only one', async () => {
    await noPage()
    await connect(server, COMPUTE())
    await expect(connect(server, COMPUTE())).rejects.toThrow('503')
  })

  test('is used while it is there, and stays when nothing is measured any more', async () => {
    await noPage()
    const none = openRemoteEngine(new ComputeRelay(server.computePage.open).connect())
    await expect(none).rejects.toMatchObject({ reason: 'none' })
    const { socket, told, engine } = await openPage()
    expect((await engine).adapter.description).toBe('a browser')
    expect(told).toEqual([{ type: 'open' }])
    ;(await engine).close()
    await vi.waitFor(() => expect(told.at(-1)).toEqual({ type: 'close' }))
    expect(socket.readyState).toBe(socket.OPEN)
  })

  test('takes with it what it was measuring', async () => {
    const { socket, engine } = await openPage()
    const [measuring] = (await engine).measure([{ dtype: 'F32', shape: [2], source: { read: () => {} } }])
    socket.terminate()
    await expect(measuring).rejects.toMatchObject({ name: 'ComputeFailure', reason: 'lost' })
  })

  const refused: [string, string | Buffer][] = [
    ['no JSON', '{'],
    ['an array', '[]'],
    ['bytes', Buffer.from([1, 2, 3])],
    ['a read over the socket', '{"type":"read","id":0,"offset":0,"length":1}'],
    ['a message that is none', '{"type":"shutdown"}'],
    ['arrays that are none', '{"type":"numbers","id":0,"numbers":{"moments":[],"sketch":7}}'],
  ]
  test.each(refused)('is ended by %s', async (_, message) => {
    const { socket, engine } = await openPage()
    const [measuring] = (await engine).measure([{ dtype: 'F32', shape: [2], source: { read: () => {} } }])
    const closed = closing(socket)
    socket.send(message)
    await expect(measuring).rejects.toMatchObject({ reason: 'lost' })
    expect(await closed).toBe(1008)
  })
})

describe('the bytes of a tensor', () => {
  let page: Awaited<ReturnType<typeof openPage>>
  let measuring: Promise<Numbers>
  let id: number
  let readable: boolean
  beforeEach(async () => {
    page = await openPage()
    readable = true
    const read = (target: Uint8Array, offset: number): void => {
      if (!readable) throw new Error('the drive is gone')
      target.set(BYTES.subarray(offset, offset + target.length))
    }
    measuring = (await page.engine).measure([{ dtype: 'F32', shape: [2], source: { read } }])[0]!
    measuring.catch(() => {})
    id = await vi.waitFor(() => {
      const asked = page.told.find((message) => message.type === 'measure')
      return asked!.tensors[0]!.id
    })
  })

  test('come by ranges, in order, and the numbers go back', async () => {
    const first = await get(`/bytes/${id}`, 'bytes=0-4')
    expect(first).toMatchObject({ status: 206, body: String.fromCharCode(0, 1, 2, 3, 4) })
    expect(first.headers).toMatchObject({
      'content-range': 'bytes 0-4/*',
      'content-type': 'application/octet-stream',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(await get(`/bytes/${id}`, 'bytes=5-7')).toMatchObject({ status: 206, body: String.fromCharCode(5, 6, 7) })
    const moments = {
      ...{ count: 2, nan: 0, infinite: 0, zeros: 0, min: 1, max: 1, mean: 1, variance: 0 },
      ...{ skewness: 'NaN', excessKurtosis: 'NaN', l1: 2, sumSquares: 2, smallestNonZero: 1, spacingSquares: 1e-14 },
    }
    const sketch = new Float32Array([-1, 1])
    const sample = Buffer.from(BYTES).toString('base64')
    const numbers = { moments, exponents: { first: 0, counts: [2] }, sketch: base64(sketch), sample, grid: null }
    page.socket.send(JSON.stringify({ type: 'numbers', id, numbers }))
    expect(await measuring).toEqual({
      ...{ moments: { ...moments, skewness: NaN, excessKurtosis: NaN }, exponents: { first: 0, counts: [2] } },
      ...{ sketch, sample: BYTES, grid: null },
    })
  })

  test.each([
    ['no range', undefined],
    ['two ranges', 'bytes=0-1,2-3'],
    ['the end', 'bytes=-4'],
    ['all from a place on', 'bytes=0-'],
    ['backwards', 'bytes=4-0'],
    ['another place than the next', 'bytes=4-7'],
    ['more than there is', 'bytes=0-8'],
    ['more than fits a number', `bytes=0-${'9'.repeat(15)}`],
    ['another unit', 'elements=0-1'],
  ])('are refused for %s, and the page goes on', async (_, range) => {
    expect((await get(`/bytes/${id}`, range)).status).toBe(416)
    expect((await get(`/bytes/${id}`, 'bytes=0-7')).status).toBe(206)
  })

  test('are refused to whoever does not know the token, and by any other name', async () => {
    const headers = { range: 'bytes=0-7' }
    expect((await ask(server, `/bytes/${id}`, { headers })).status).toBe(403)
    expect((await ask(server, `/bytes/${id}`, { headers: { ...headers, host: 'evil.example' } })).status).toBe(421)
    expect((await get(`/bytes/${id}`, 'bytes=0-7', 'HEAD')).status).toBe(416)
    expect((await get(`/bytes/${id}`, 'bytes=0-7', 'POST')).status).toBe(405)
    const names = [`${id + 1000}`, `${id}/`, `0x${id}`, '-1', '1e3', '../package.json', `${'9'.repeat(20)}`, '']
    for (const name of names) expect((await get(`/bytes/${name}`, 'bytes=0-7')).status, name).toBe(404)
  })

  test('are gone when nobody wants them any more', async () => {
    readable = false
    expect((await get(`/bytes/${id}`, 'bytes=0-7')).status).toBe(410)
    await expect(measuring).rejects.toThrow('the drive is gone')
    expect((await get(`/bytes/${id}`, 'bytes=0-7')).status).toBe(410)
    ;(await page.engine).close()
    await vi.waitFor(async () => expect((await get(`/bytes/${id}`, 'bytes=0-7')).status).toBe(404))
  })
})
