// Takes the place of the engine process in a test of the compute page: what it says to the main process and to the page
// is real, what it measures is one generated tensor.
import type { MessagePortMain } from 'electron'
import * as v from 'valibot'
import { DesktopComputePage } from '../../src-main/app/engine-compute.ts'
import { ToEngine, type FromEngine } from '../../src-main/app/engine-messages.ts'
import { ComputeRelay } from '../../src-main/engine/compute/page/relay.ts'
import { openRemoteEngine } from '../../src-main/engine/compute/page/remote-engine.ts'
import { ComputeFailure, type ByteSource, type ComputeEngine } from '../../src-renderer/compute/types.ts'
import { MATRIX } from './compute-matrix.ts'
import type { Wire } from './double/utility-process.ts'

const { parentPort } = process as unknown as {
  parentPort: {
    on(type: 'message', listener: (event: { data: unknown; ports: MessagePortMain[] }) => void): void
    postMessage(message: FromEngine): void
  }
}
const page = new DesktopComputePage((message) => parentPort.postMessage(message))
const relay = new ComputeRelay(page.open)

parentPort.on('message', ({ data, ports }) => {
  const message = v.parse(ToEngine, data)
  if (message.type === 'compute-page') page.connected(message.id, ports[0]!)
  else if (message.type === 'compute-gone') page.gone(message.id, message.reason)
  else if (message.type === 'close') process.exit(0)
})

let engine: ComputeEngine | null = null
let measuring: Promise<unknown> = Promise.resolve()

const whole: ByteSource = {
  read: (target, offset) => target.set(MATRIX.bytes.subarray(offset, offset + target.length)),
}
const stuck: ByteSource = { read: () => new Promise(() => {}) }

const QUESTIONS: Record<string, () => unknown> = {
  open: async () => {
    engine = await openRemoteEngine(relay.connect())
    return engine.adapter
  },
  measure: () => engine!.measure([{ ...MATRIX, source: whole }])[0],
  /** Answers at once; the tensor never comes to its end. */
  begin: () => {
    measuring = engine!.measure([{ ...MATRIX, source: stuck }])[0]!
    measuring.catch(() => {})
  },
  outcome: () => measuring,
  close: () => engine!.close(),
}

process.on('message', async (message: Wire) => {
  if (message.type !== 'ask') return
  const describe = (error: unknown) =>
    error instanceof ComputeFailure ? { reason: error.reason, message: error.message } : { bug: String(error) }
  const answer = await Promise.resolve(QUESTIONS[message.question]!()).catch(describe)
  process.send!({ type: 'answer', answer } satisfies Wire)
})
