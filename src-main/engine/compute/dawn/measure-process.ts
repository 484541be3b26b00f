import { problemResult } from '../../jobs.ts'
import type { MeasurePool } from '../../pool.ts'
import { openDeviceThreads } from '../device.ts'
import type { FromDevice, ToDevice } from './device-messages.ts'
import { describeFailure } from '../open.ts'

// The process of its own that drivers of graphics cards run in: what they print, and how they end, stays in here.

/** Between two reports of progress, in milliseconds. */
const REPORT_EVERY = 50

let pool: MeasurePool | null = null
let reported = 0

function tell(message: FromDevice): void {
  process.send!(message)
}

async function open({ workers, allowSoftware }: Extract<ToDevice, { type: 'open' }>): Promise<void> {
  const setup = { kind: 'dawn', allowSoftware } as const
  try {
    const device = await openDeviceThreads(workers, () => ({ setup, transfer: [] }))
    pool = device.pool
    setInterval(reportBytes, REPORT_EVERY)
    tell({ type: 'device', opened: { adapter: device.adapter } })
  } catch (error) {
    tell({ type: 'device', opened: { failure: describeFailure(error) } })
  }
}

async function measure(measuring: MeasurePool, { id, jobs }: Extract<ToDevice, { type: 'measure' }>): Promise<void> {
  const result = await measuring.measure(jobs).then((measurements) => ({ measurements }), problemResult)
  reportBytes()
  tell({ type: 'result', id, result, failure: measuring.failure() })
}

function reportBytes(): void {
  const bytes = pool!.bytesRead()
  if (bytes === reported) return
  reported = bytes
  tell({ type: 'read', bytes })
}

process.on('message', (message: ToDevice) => {
  if (message.type === 'open') return void open(message)
  if (message.type === 'hold') return pool!.hold(message.held)
  void measure(pool!, message)
})

// Ctrl-C reaches every process of a terminal; the engine says when this one ends.
process.on('SIGINT', () => {})
// Not in order: Dawn does not let its threads end while they wait for the device.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
