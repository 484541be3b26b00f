import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { LARGEST_READ, type FromComputePage, type ToComputePage } from '../../src-main/contract/compute.ts'
import type { PageListener } from '../../src-main/engine/compute/page/page-line.ts'
import { ComputeRelay } from '../../src-main/engine/compute/page/relay.ts'
import { openRemoteEngine } from '../../src-main/engine/compute/page/remote-engine.ts'
import { referenceKernels } from '../../src-main/fingerprint/kernels/reference.ts'
import { createMeasurer } from '../../src-main/fingerprint/measure.ts'
import type { Numbers } from '../../src-main/fingerprint/types.ts'
import { answerEngine } from '../../src-renderer/compute/page/answer.ts'
import type { PageChannel } from '../../src-renderer/compute/page/channel.ts'
import { ComputeFailure, type ComputeEngine, type TensorRequest } from '../../src-renderer/compute/types.ts'
import { float32, gaussian } from '../fingerprint/support.ts'
import { measure, sha256 } from '../support/kernels.ts'

const measurer = createMeasurer(referenceKernels(), sha256)
const SHAPE = [40, 50]
const BYTES = float32(gaussian(2000, 1))

function numbersOf(shape: readonly number[], bytes: Uint8Array): Numbers {
  const { hash: _, ...numbers } = measure(measurer, 'F32', shape, bytes)
  return numbers
}

function tensor(bytes = BYTES, shape: readonly number[] = SHAPE): TensorRequest {
  const read = (target: Uint8Array, offset: number): void => target.set(bytes.subarray(offset, offset + target.length))
  return { dtype: 'F32', shape, source: { read } }
}

const OPENED: FromComputePage = {
  type: 'opened',
  adapter: { vendor: 'test', architecture: 'test', description: 'a test', software: false },
  dtypes: ['F32', 'BF16'],
}

/** A page that the test speaks for. */
function scriptedPage() {
  const heard: ToComputePage[] = []
  let listener: PageListener | null = null
  const closed: (string | null)[] = []
  const relay = new ComputeRelay((opened) => {
    listener = opened
    return { send: (message) => void heard.push(message), close: (reason) => void closed.push(reason) }
  })
  onTestFinished(() => relay.close())
  return {
    relay,
    heard,
    /** Why it was closed, each time. */
    closed,
    say: (message: unknown) => listener!.hear(message),
    listener: () => listener!,
    open: async (): Promise<ComputeEngine> => {
      const opening = openRemoteEngine(relay.connect())
      listener!.hear(OPENED)
      return opening
    },
    /** The first tensor that it was asked to measure. */
    granted: () =>
      vi.waitFor(() => heard.flatMap((message) => (message.type === 'measure' ? message.tensors : []))[0] ?? fail()),
  }
}

function fail(): never {
  throw new Error('not yet')
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

describe('the engine of a compute page', () => {
  it('tells what the device is and can do', async () => {
    const { open } = scriptedPage()
    const engine = await open()
    expect(engine.adapter.description).toBe('a test')
    expect([engine.supports('BF16'), engine.supports('F64')]).toEqual([true, false])
  })

  it('hands over the bytes in order and brings back the numbers', async () => {
    const page = scriptedPage()
    const engine = await page.open()
    const [measuring] = engine.measure([tensor()])
    const { id, ...granted } = await page.granted()
    expect(granted).toEqual({ dtype: 'F32', shape: SHAPE, bytes: 8000 })
    const parts = [await page.listener().read(id, 0, 3000), await page.listener().read(id, 3000, 5000)]
    expect(Buffer.concat(parts).equals(BYTES)).toBe(true)
    page.say({ type: 'numbers', id, numbers: numbersOf(SHAPE, BYTES) })
    expect(await measuring).toEqual(numbersOf(SHAPE, BYTES))
  })

  it('rejects with what the source threw, and says to the page that nobody waits', async () => {
    const page = scriptedPage()
    const engine = await page.open()
    const broken = new Error('the drive is gone')
    const read = (): void => {
      throw broken
    }
    const measuring = engine.measure([{ dtype: 'F32', shape: SHAPE, source: { read } }, tensor()])
    const { id } = await page.granted()
    page.say({ type: 'read', id, offset: 0, length: 8 })
    expect(await failureOf(measuring[0]!)).toBe(broken)
    await vi.waitFor(() => expect(page.heard).toContainEqual({ type: 'bytes', id, bytes: null }))
    // What it says of that tensor now is late, not wrong.
    page.say({ type: 'failed', id, reason: 'refused', message: 'it has no bytes' })
    page.say({ type: 'read', id: id + 1, offset: 0, length: 8000 })
    await vi.waitFor(() => expect(page.heard.at(-1)).toMatchObject({ type: 'bytes', id: id + 1 }))
    page.say({ type: 'numbers', id: id + 1, numbers: numbersOf(SHAPE, BYTES) })
    expect(await measuring[1]).toEqual(numbersOf(SHAPE, BYTES))
    expect(page.closed).toEqual([])
  })

  it('carries a failure of the device across', async () => {
    const page = scriptedPage()
    const engine = await page.open()
    const [measuring] = engine.measure([tensor()])
    const { id } = await page.granted()
    page.say({ type: 'failed', id, reason: 'out-of-memory', message: 'The card is full.' })
    const failure = await failureOf(measuring!)
    expect(failure).toBeInstanceOf(ComputeFailure)
    expect(failure).toMatchObject({ reason: 'out-of-memory', message: 'The card is full.' })
  })

  it.each(['none', 'software', 'limits'] as const)('does not open where the page says "%s"', async (reason) => {
    const page = scriptedPage()
    const opening = openRemoteEngine(page.relay.connect())
    page.say({ type: 'unavailable', reason, message: 'There is nothing to compute on.' })
    expect(await failureOf(opening)).toMatchObject({ reason, message: 'There is nothing to compute on.' })
    await vi.waitFor(() => expect(page.closed).toEqual([null]))
  })

  it('does not open where the host has no page', async () => {
    const relay = new ComputeRelay(() => null)
    expect(await failureOf(openRemoteEngine(relay.connect()))).toMatchObject({ reason: 'none' })
  })

  it('loses everything when the page dies, and opens another one the next time', async () => {
    const page = scriptedPage()
    const engines = [await page.open(), await openRemoteEngine(page.relay.connect())]
    const measuring = engines.flatMap((engine) => engine.measure([tensor(), tensor()]))
    const { id } = await page.granted()
    page.say({ type: 'read', id, offset: 0, length: 100 })
    page.listener().gone('it crashed')
    for (const one of measuring) {
      const failure = await failureOf(one)
      expect(failure).toBeInstanceOf(ComputeFailure)
      expect(failure).toMatchObject({ reason: 'lost' })
    }
    expect(await failureOf(engines[0]!.measure([tensor()])[0]!)).toMatchObject({ reason: 'lost' })
    const again = await page.open()
    expect(again.supports('F32')).toBe(true)
  })

  it('gives up a page that opens no device in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const page = scriptedPage()
    const opening = openRemoteEngine(page.relay.connect())
    vi.advanceTimersByTime(30_000)
    expect(await failureOf(opening)).toMatchObject({ reason: 'lost' })
    expect(page.closed).toEqual([expect.any(String)])
  })

  it('says to the page when a thread ends whose bytes it waits for', async () => {
    const page = scriptedPage()
    const engines = [await page.open(), await openRemoteEngine(page.relay.connect())]
    const stuck = { read: () => new Promise<void>(() => {}) }
    const [measuring] = engines[0]!.measure([{ dtype: 'F32', shape: SHAPE, source: stuck }])
    const { id } = await page.granted()
    page.say({ type: 'read', id, offset: 0, length: 100 })
    const failure = failureOf(measuring!)
    engines[0]!.close()
    await vi.waitFor(() => expect(page.heard).toContainEqual({ type: 'bytes', id, bytes: null }))
    expect(await failure).toMatchObject({ reason: 'lost' })
    expect(page.closed).toEqual([])
  })

  it('lets go of the page with the last thread', async () => {
    const page = scriptedPage()
    const engines = [await page.open(), await openRemoteEngine(page.relay.connect())]
    const [measuring] = engines[0]!.measure([tensor()])
    await page.granted()
    engines[0]!.close()
    expect(await failureOf(measuring!)).toMatchObject({ reason: 'lost' })
    expect(page.closed).toEqual([])
    engines[1]!.close()
    await vi.waitFor(() => expect(page.closed).toEqual([null]))
  })
})

describe('a page is ended', () => {
  const numbers = numbersOf(SHAPE, BYTES)
  const refused: [string, (id: number) => unknown][] = [
    ['what is no message', () => 'hello'],
    ['a type that is none', () => ({ type: 'shutdown' })],
    ['a field too many', (id) => ({ type: 'read', id, offset: 0, length: 1, path: '/etc/passwd' })],
    ['a second device', () => OPENED],
    ['a tensor that nobody granted', () => ({ type: 'read', id: 1e9, offset: 0, length: 1 })],
    ['another offset than the next', (id) => ({ type: 'read', id, offset: 4, length: 1 })],
    ['an offset below 0', (id) => ({ type: 'read', id, offset: -1, length: 1 })],
    ['more than the tensor', (id) => ({ type: 'read', id, offset: 0, length: 8001 })],
    ['nothing', (id) => ({ type: 'read', id, offset: 0, length: 0 })],
    ['half a byte', (id) => ({ type: 'read', id, offset: 0, length: 0.5 })],
    ['numbers that nobody asked for', () => ({ type: 'numbers', id: 1e9, numbers })],
    ['numbers of bytes that it has not read', (id) => ({ type: 'numbers', id, numbers })],
    ['a reason that is none', (id) => ({ type: 'failed', id, reason: 'tired', message: '' })],
    ['a story', (id) => ({ type: 'failed', id, reason: 'lost', message: 'x'.repeat(2000) })],
    ['numbers that are none', (id) => ({ type: 'numbers', id, numbers: { ...numbers, sketch: [1, 2] } })],
    [
      'infinite moments',
      (id) => ({
        type: 'numbers',
        id,
        numbers: { ...numbers, moments: { ...numbers.moments, mean: Infinity } },
      }),
    ],
  ]
  it.each(refused)('by %s', async (_, message) => {
    const page = scriptedPage()
    const engine = await page.open()
    const [measuring] = engine.measure([tensor()])
    const { id } = await page.granted()
    page.say(message(id))
    expect(await failureOf(measuring!)).toMatchObject({ reason: 'lost' })
    expect(page.closed).toEqual([expect.any(String)])
  })

  it('by a read that is larger than any', async () => {
    const page = scriptedPage()
    const engine = await page.open()
    const [measuring] = engine.measure([tensor(new Uint8Array(0), [2 ** 24])])
    const { id } = await page.granted()
    page.say({ type: 'read', id, offset: 0, length: LARGEST_READ + 1 })
    expect(await failureOf(measuring!)).toMatchObject({ reason: 'lost' })
  })

  it('by more reads at once than a page that is in order has', async () => {
    const page = scriptedPage()
    const engine = await page.open()
    const measuring = engine.measure(Array.from({ length: 5 }, () => tensor()))
    const { id } = await page.granted()
    for (let one = id; one < id + 5; one++) page.say({ type: 'read', id: one, offset: 0, length: 4 })
    for (const one of measuring) expect(await failureOf(one)).toMatchObject({ reason: 'lost' })
  })

  it('by a second read of a tensor before the first is answered', async () => {
    const page = scriptedPage()
    const engine = await page.open()
    const [measuring] = engine.measure([tensor()])
    const { id } = await page.granted()
    page.say({ type: 'read', id, offset: 0, length: 4 })
    page.say({ type: 'read', id, offset: 0, length: 4 })
    expect(await failureOf(measuring!)).toMatchObject({ reason: 'lost' })
  })
})

describe('numbers that cannot be those of the tensor are refused, one by one', () => {
  const right = numbersOf(SHAPE, BYTES)
  const moments = right.moments!
  const wrong: [string, Partial<Record<keyof Numbers, unknown>>][] = [
    ['without moments', { moments: null }],
    ['a short sketch', { sketch: right.sketch!.subarray(1) }],
    ['NaN in the sketch', { sketch: right.sketch!.map((x, i) => (i === 7 ? NaN : x)) }],
    ['a long sample', { sample: new Uint8Array(8004) }],
    ['another count', { moments: { ...moments, count: 1999 } }],
    ['more special values than elements', { moments: { ...moments, nan: 2001 } }],
    ['exponents that do not add up', { exponents: { first: 0, counts: [5] } }],
    ['no mean', { moments: { ...moments, mean: NaN } }],
    ['no smallest magnitude', { moments: { ...moments, smallestNonZero: NaN } }],
    ['extremes the wrong way', { moments: { ...moments, min: 9, max: -9 } }],
    ['a variance below 0', { moments: { ...moments, variance: -1 } }],
    [
      'a grid of other steps',
      {
        grid: { scope: 'row', groupSize: 0, levels: 127, residual: 0, steps: new Float32Array(3) },
      },
    ],
    [
      'a grid without codes',
      {
        grid: { scope: 'row', groupSize: 0, levels: 0, residual: 0, steps: new Float32Array(2000) },
      },
    ],
  ]
  it.each(wrong)('%s', async (_, fault) => {
    const page = scriptedPage()
    const engine = await page.open()
    const measuring = engine.measure([tensor(), tensor()])
    const { id } = await page.granted()
    for (const one of [id, id + 1]) await page.listener().read(one, 0, 8000)
    page.say({ type: 'numbers', id, numbers: { ...right, ...fault } })
    page.say({ type: 'numbers', id: id + 1, numbers: right })
    expect(await failureOf(measuring[0]!)).toMatchObject({ name: 'ComputeFailure', reason: 'refused' })
    expect(await measuring[1]).toEqual(right)
  })
})

/** Measures as the processor does, in one read of each tensor. */
function processorEngine(): ComputeEngine {
  return {
    adapter: { vendor: '', architecture: '', description: 'the processor', software: true },
    supports: (dtype) => dtype === 'F32',
    measure: (tensors) =>
      tensors.map(async ({ shape, source }) => {
        const bytes = new Uint8Array(4 * shape.reduce((product, size) => product * size, 1))
        await source.read(bytes, 0)
        return numbersOf(shape, bytes)
      }),
    close: () => {},
  }
}

/** The code of the page, connected to a relay without anything in between. */
function pageInProcess(open: () => Promise<ComputeEngine>): ComputeRelay {
  const relay = new ComputeRelay((listener) => {
    let told: (message: unknown) => void = () => {}
    let closed = (): void => {}
    const channel: PageChannel = {
      send: (message) => listener.hear(message),
      onMessage: (heard) => (told = heard),
      onClose: (ended) => (closed = ended),
      readInto: async (target, id, offset) => target.set(await listener.read(id, offset, target.length)),
    }
    answerEngine(channel, open)
    return { send: (message) => told(message), close: () => closed() }
  })
  onTestFinished(() => relay.close())
  return relay
}

describe('the page', () => {
  it('reads a tensor in parts that one read may have', async () => {
    const bytes = 2 * LARGEST_READ + 20
    const parts: [number, number][] = []
    const source = { read: (target: Uint8Array, offset: number) => void parts.push([offset, target.length]) }
    const reader: ComputeEngine = {
      ...processorEngine(),
      measure: ([only]) => [Promise.resolve(only!.source.read(new Uint8Array(bytes), 0)).then(() => fail())],
    }
    const engine = await openRemoteEngine(pageInProcess(async () => reader).connect())
    await failureOf(engine.measure([{ dtype: 'F32', shape: [bytes / 4], source }])[0]!)
    expect(parts).toEqual([
      [0, LARGEST_READ],
      [LARGEST_READ, LARGEST_READ],
      [2 * LARGEST_READ, 20],
    ])
  })

  it('says what it cannot measure', async () => {
    const engine = await openRemoteEngine(pageInProcess(async () => processorEngine()).connect())
    const [measuring] = engine.measure([{ dtype: 'F64', shape: [1], source: { read: () => {} } }])
    expect(await failureOf(measuring!)).toMatchObject({ reason: 'refused', message: 'This page cannot measure F64.' })
  })

  it('says why it has no device, and that a mistake of its own is none of the device', async () => {
    const none = pageInProcess(() => Promise.reject(new ComputeFailure('limits', 'The buffers are too small.')))
    expect(await failureOf(openRemoteEngine(none.connect()))).toMatchObject({
      reason: 'limits',
      message: 'The buffers are too small.',
    })
    const mistaken = pageInProcess(() => Promise.reject(new TypeError('x is not a function')))
    expect(await failureOf(openRemoteEngine(mistaken.connect()))).toMatchObject({ reason: 'refused' })
  })

  it('cannot read beyond a tensor, whatever measures there', async () => {
    const greedy: ComputeEngine = {
      ...processorEngine(),
      measure: (tensors) =>
        tensors.map(async ({ shape, source }) => {
          await source.read(new Uint8Array(8001), 0)
          return numbersOf(shape, BYTES)
        }),
    }
    const engine = await openRemoteEngine(pageInProcess(async () => greedy).connect())
    expect(await failureOf(engine.measure([tensor()])[0]!)).toMatchObject({
      reason: 'refused',
      message: 'The tensor ends after 8000 bytes.',
    })
  })

  it('measures for several threads at once', async () => {
    const relay = pageInProcess(async () => processorEngine())
    const engines = await Promise.all([1, 2, 3].map(() => openRemoteEngine(relay.connect())))
    const measured = await Promise.all(engines.flatMap((engine) => engine.measure([tensor()])))
    for (const numbers of measured) expect(numbers).toEqual(numbersOf(SHAPE, BYTES))
  })
})
