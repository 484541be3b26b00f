import { openAdapter, openDevice } from '../../../../src-renderer/compute/device.ts'
import { openPairEngine } from '../../../../src-renderer/compute/pairs.ts'
import type { PairEngine } from '../../../fingerprint/pairs.ts'
import { openDawn } from './dawn.ts'
import { describeFailure } from '../open.ts'
import type { FromPairProcess, ToPairProcess } from './pair-messages.ts'
import { loadShaders } from './shaders.ts'

// The process of its own in which a driver measures pairs: what it prints, and how it ends, stays in here.

let engine: PairEngine | null = null

function tell(message: FromPairProcess): void {
  process.send!(message)
}

async function open(allowSoftware: boolean): Promise<FromPairProcess> {
  const [adapter, report] = await openAdapter(await openDawn(), allowSoftware)
  engine = await openPairEngine(await openDevice(adapter), loadShaders())
  return { adapter: report }
}

async function answer(message: ToPairProcess): Promise<FromPairProcess> {
  return 'request' in message ? { values: await engine!.measure(message.request) } : open(message.allowSoftware)
}

process.on('message', (message: ToPairProcess) => {
  void answer(message).then(tell, (error: unknown) => tell({ failure: describeFailure(error) }))
})

// Ctrl-C reaches every process of a terminal; the engine says when this one ends.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
