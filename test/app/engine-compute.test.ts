import type { MessagePortMain } from 'electron'
import { describe, expect, it } from 'vitest'
import { DesktopComputePage } from '../../src-main/app/engine-compute.ts'
import { FromEngine, ToEngine } from '../../src-main/app/engine-messages.ts'
import * as v from 'valibot'
import { MessageChannelMain } from './double/ports.ts'

/** The engine's end, and what it told the main process and heard from its page. */
function engineEnd() {
  const told: FromEngine[] = []
  const heard: unknown[] = []
  const gone: string[] = []
  const page = new DesktopComputePage((message) => told.push(message))
  const open = () =>
    page.open({
      hear: (message) => heard.push(message),
      read: () => Promise.reject(new Error('not asked for')),
      gone: (reason) => gone.push(reason),
    })!
  return { page, open, told, heard, gone }
}

/** A line to a page: what arrived there, and whether it was closed. */
function line() {
  const { port1, port2 } = new MessageChannelMain()
  const arrived: unknown[] = []
  const state = { closed: false }
  port2.on('message', ({ data }) => arrived.push(data))
  port2.on('close', () => (state.closed = true))
  return { port: port1 as unknown as MessagePortMain, page: port2, arrived, state }
}

describe("the engine's end of the hidden compute page", () => {
  it('has what is said before the line is there wait for it', () => {
    const { page, open, told, heard } = engineEnd()
    const opened = open()
    opened.send({ type: 'open' })
    expect(told).toEqual([{ type: 'open-compute', id: 0 }])
    const { port, arrived, page: other } = line()
    page.connected(0, port)
    opened.send({ type: 'close' })
    expect(arrived).toEqual([{ type: 'open' }, { type: 'close' }])
    other.postMessage('hello')
    expect(heard).toEqual(['hello'])
  })

  it('takes no line, and no end, of a page that it had before', () => {
    const { page, open, told, gone } = engineEnd()
    open().close(null)
    open()
    const late = line()
    page.connected(0, late.port)
    page.gone(0, 'it crashed')
    expect(late.state.closed).toBe(true)
    expect(gone).toEqual([])
    expect(told.map(({ type }) => type)).toEqual(['open-compute', 'close-compute', 'open-compute'])
    page.gone(1, 'it crashed')
    expect(gone).toEqual(['it crashed'])
  })

  it('is told once when the line is closed, and the window is gone too', () => {
    const { page, open, gone } = engineEnd()
    open()
    const { port, page: other } = line()
    page.connected(0, port)
    other.close()
    page.gone(0, 'it crashed')
    expect(gone).toEqual(['its line was closed'])
  })
})

it.each([
  { type: 'compute-page' },
  { type: 'compute-page', id: -1 },
  { type: 'compute-gone', id: 0, reason: 7 },
  { type: 'compute-gone', id: 0, reason: '', more: true },
  { type: 'open-compute', id: '0' },
  { type: 'close-compute', id: 0 },
])('%j is no message between the main process and the engine', (message) => {
  expect(v.is(ToEngine, message) || v.is(FromEngine, message)).toBe(false)
})
