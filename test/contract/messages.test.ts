import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { EngineError, isErrorCode, REQUEST_ERRORS } from '../../src-main/contract/errors.ts'
import { ClientMessage, parseHostMessage, type HostMessage } from '../../src-main/contract/messages.ts'
import { PROBLEM_KINDS } from '../../src-main/contract/problems.ts'
import { remoteClient } from '../../src-main/contract/remote-client.ts'
import { Settings, SettingsChange, ViewChange, ViewState } from '../../src-main/contract/settings.ts'

/** A channel whose other end is this test. */
function testChannel() {
  const sent: ClientMessage[] = []
  let hear: (message: unknown) => void = () => {}
  let end: () => void = () => {}
  const client = remoteClient({
    send: (message) => sent.push(message),
    onMessage: (listener) => (hear = listener),
    onClose: (listener) => (end = listener),
  })
  return { client, sent, hear: (message: HostMessage | unknown) => hear(message), end: () => end() }
}

describe('messages', () => {
  test('what a client sends is what an engine takes, also as JSON', () => {
    const { client, sent } = testChannel()
    const abort = new AbortController()
    void client.request('graph.get', { folder: 'a' }, { signal: abort.signal }).catch(() => {})
    abort.abort()
    for (const message of sent) expect(v.parse(ClientMessage, JSON.parse(JSON.stringify(message)))).toEqual(message)
    expect(sent.map(({ type }) => type)).toEqual(['request', 'cancel'])
  })

  test('anything else is refused by both sides without an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (message) => {
        expect(v.safeParse(ClientMessage, message).success).toBe(false)
        expect(parseHostMessage(message)).toBeNull()
      }),
    )
  })

  test.each([
    { type: 'request', id: -1, kind: 'a', parameters: {} },
    { type: 'request', id: 2 ** 60, kind: 'a', parameters: {} },
    { type: 'request', id: 1, kind: 'a'.repeat(65), parameters: {} },
    { type: 'request', id: 1, kind: 'a', parameters: {}, more: 1 },
    { type: 'cancel', id: '1' },
  ])('%j is no message', (message) => {
    expect(v.safeParse(ClientMessage, message).success).toBe(false)
  })

  test('every code has a remedy and survives the way', () => {
    const codes = [...Object.keys(REQUEST_ERRORS), ...Object.keys(PROBLEM_KINDS)]
    for (const code of codes) {
      if (!isErrorCode(code)) throw new Error(code)
      const error = new EngineError(code, 'It failed.')
      expect(error.remedy).toMatch(/\.$/)
      expect(JSON.parse(JSON.stringify(error.toFailure()))).toEqual({
        code,
        message: 'It failed.',
        remedy: error.remedy,
      })
    }
    expect(isErrorCode('toString')).toBe(false)
  })
})

describe('a remote client', () => {
  test('gives each answer to whoever asked, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async (order) => {
        const { client, sent, hear } = testChannel()
        const answers = [0, 1, 2, 3, 4].map((n) => client.request('graph.get', { folder: String(n) }))
        for (const n of order) hear({ type: 'result', id: sent[n]!.id, result: n })
        expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4])
      }),
      { numRuns: 20 },
    )
  })

  test('throws what the engine failed with, and an unknown code as a mistake', async () => {
    const { client, sent, hear } = testChannel()
    const one = client.request('folders.list', {})
    const other = client.request('folders.list', {})
    hear({ type: 'failure', id: sent[0]!.id, failure: { code: 'folder-missing', message: 'Away.', remedy: '' } })
    hear({ type: 'failure', id: sent[1]!.id, failure: { code: 'from-the-future', message: 'New.', remedy: '' } })
    await expect(one).rejects.toMatchObject({ code: 'folder-missing', message: 'Away.' })
    await expect(other).rejects.toMatchObject({ code: 'internal', message: 'New. (from-the-future)' })
  })

  test('forgets a cancelled request: a late answer changes nothing', async () => {
    const { client, sent, hear } = testChannel()
    const abort = new AbortController()
    const request = client.request('folders.list', {}, { signal: abort.signal })
    abort.abort()
    await expect(request).rejects.toMatchObject({ code: 'cancelled' })
    hear({ type: 'result', id: sent[0]!.id, result: [] })
    await expect(client.request('folders.list', {}, { signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(sent).toHaveLength(2)
  })

  test('rejects what waits, and all that comes later, when the connection ends', async () => {
    const { client, end } = testChannel()
    const waiting = client.request('folders.list', {})
    end()
    await expect(waiting).rejects.toMatchObject({ code: 'connection-lost' })
    await expect(client.request('folders.list', {})).rejects.toMatchObject({ code: 'connection-lost' })
  })

  test('hands events to listeners until they are off, and drops what is no message', () => {
    const { client, hear } = testChannel()
    const heard: string[] = []
    const off = client.on('graph.changed', ({ folder }) => heard.push(folder))
    hear({ type: 'event', kind: 'graph.changed', event: { folder: 'a' } })
    hear({ type: 'event', kind: 'of the future', event: {} })
    for (const nothing of [null, 1, 'text', [], {}, { type: 'event' }]) hear(nothing)
    off()
    hear({ type: 'event', kind: 'graph.changed', event: { folder: 'b' } })
    expect(heard).toEqual(['a'])
  })
})

describe('kept settings and views', () => {
  test.each([
    ['settings', Settings, SettingsChange],
    ['a view', ViewState, ViewChange],
  ])('%s: whatever was kept, every field is there and sound', (_, schema, change) => {
    const defaults = v.parse(schema as v.GenericSchema<unknown, object>, {})
    const anyFields = fc.dictionary(fc.constantFrom(...Object.keys(defaults), 'other'), fc.jsonValue())
    fc.assert(
      fc.property(anyFields, (kept) => {
        const read = v.parse(schema as v.GenericSchema<unknown, object>, kept)
        expect(Object.keys(read).sort()).toEqual(Object.keys(defaults).sort())
        expect(v.parse(change as v.GenericSchema, read), 'it may be sent as it is').toEqual(read)
        expect(v.parse(schema as v.GenericSchema, read)).toEqual(read)
      }),
    )
  })
})
