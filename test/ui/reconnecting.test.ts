import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { EngineState } from '../../src-main/contract/events.ts'
import type { ClientMessage } from '../../src-main/contract/messages.ts'
import type { Channel } from '../../src-main/contract/remote-client.ts'
import { reconnectingClient } from '../../src-renderer/ui/client/reconnecting.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A channel whose other end is the test. */
function aChannel(): Channel & { sent: ClientMessage[]; receive: (message: unknown) => void; close: () => void } {
  const sent: ClientMessage[] = []
  let receive = (_: unknown): void => {}
  let close = (): void => {}
  return {
    sent,
    send: (message) => void sent.push(message),
    onMessage: (listener) => void (receive = listener),
    onClose: (listener) => void (close = listener),
    receive: (message) => receive(message),
    close: () => close(),
  }
}

function watchStates(client: ReturnType<typeof reconnectingClient>): EngineState['state'][] {
  const states: EngineState['state'][] = []
  client.on('engine.state', ({ state }) => states.push(state))
  return states
}

test('a request waits for the connection and is answered', async () => {
  const channel = aChannel()
  let open = (_: Channel): void => {}
  const client = reconnectingClient(() => new Promise((resolve) => (open = resolve)))
  const answer = client.request('folders.list', {})
  open(channel)
  await vi.waitFor(() => expect(channel.sent).toHaveLength(1))
  channel.receive({ type: 'result', id: 0, result: [] })
  expect(await answer).toEqual([])
})

test('when the connection breaks, what may have been done fails, and the next request goes over a new one', async () => {
  const channels = [aChannel(), aChannel()]
  let next = 0
  const client = reconnectingClient(() => Promise.resolve(channels[next++]!))
  const states = watchStates(client)
  const lost = client.request('folders.openSample', {})
  await vi.waitFor(() => expect(channels[0]!.sent).toHaveLength(1))
  channels[0]!.close()
  await expect(lost).rejects.toMatchObject({ code: 'connection-lost' })
  void client.request('settings.get', {})
  await vi.waitFor(() => expect(channels[1]!.sent).toMatchObject([{ kind: 'settings.get' }]))
  expect(states).toEqual(['ready', 'restarting', 'ready'])
})

test('a question that was on its way is asked once more, and not for ever', async () => {
  const channels = [aChannel(), aChannel(), aChannel()]
  let next = 0
  const client = reconnectingClient(() => Promise.resolve(channels[next++]!))
  const [answered, lost] = [client.request('folders.list', {}), client.request('settings.get', {})]
  await vi.waitFor(() => expect(channels[0]!.sent).toHaveLength(2))
  channels[0]!.close()
  await vi.waitFor(() => expect(channels[1]!.sent).toHaveLength(2))
  channels[1]!.receive({ type: 'result', id: 0, result: [] })
  expect(await answered).toEqual([])
  channels[1]!.close()
  await expect(lost).rejects.toMatchObject({ code: 'connection-lost' })
})

test('events reach the same listener over every connection', async () => {
  const channels = [aChannel(), aChannel()]
  let next = 0
  const client = reconnectingClient(() => Promise.resolve(channels[next++]!))
  const seen: string[] = []
  client.on('graph.changed', ({ folder }) => seen.push(folder))
  await vi.advanceTimersByTimeAsync(1)
  channels[0]!.receive({ type: 'event', kind: 'graph.changed', event: { folder: 'one' } })
  channels[0]!.close()
  await vi.advanceTimersByTimeAsync(1)
  channels[1]!.receive({ type: 'event', kind: 'graph.changed', event: { folder: 'two' } })
  expect(seen).toEqual(['one', 'two'])
})

test('it says that the engine is gone after a while, and never gives up', async () => {
  let attempts = 0
  const client = reconnectingClient(() =>
    ++attempts < 9 ? Promise.reject(new Error('refused')) : Promise.resolve(aChannel()),
  )
  const states = watchStates(client)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(states.filter((state) => state === 'restarting')).toHaveLength(5)
  expect(states.filter((state) => state === 'failed')).toHaveLength(3)
  expect(states.at(-1)).toBe('ready')
})
