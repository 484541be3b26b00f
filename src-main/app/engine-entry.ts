import type { MessagePortMain } from 'electron'
import * as v from 'valibot'
import { EngineError } from '../contract/errors.ts'
import { pageDevice } from '../engine/compute/page/page-device.ts'
import { parseJson } from '../contract/messages.ts'
import { openEngineHost, type EngineHost } from '../engine/host/host.ts'
import { serveChannel, type HostChannel } from '../engine/host/serve-channel.ts'
import { DesktopComputePage } from './engine-compute.ts'
import { ToEngine, type FromEngine } from './engine-messages.ts'

// The engine process: reads, measures, relates, keeps. It talks to windows by their ports, and to the main process for
// what only that can do.

const { parentPort } = process
let host: EngineHost | null = null
const choosing = new Map<number, (path: string | null) => void>()
let nextChoice = 0
const computePage = new DesktopComputePage(tell)

function tell(message: FromEngine): void {
  parentPort.postMessage(message)
}

function start({ version, diedOn }: Extract<ToEngine, { type: 'start' }>): EngineHost {
  return openEngineHost({
    version,
    diedOn,
    onReading: (model) => tell({ type: 'reading', model }),
    openDevice: pageDevice(computePage.open),
    desktop: {
      chooseFolder: () =>
        new Promise((resolve) => {
          const id = nextChoice++
          choosing.set(id, resolve)
          tell({ type: 'choose', id })
        }),
      reveal: (path) => tell({ type: 'reveal', path }),
    },
  })
}

async function grant(engine: EngineHost, id: number, path: string): Promise<void> {
  try {
    tell({ type: 'granted', id, folder: await engine.grant(path) })
  } catch (error) {
    const known = error instanceof EngineError ? error : new EngineError('internal', String(error))
    tell({ type: 'refused', id, failure: known.toFailure() })
  }
}

parentPort.on('message', ({ data, ports }) => {
  const message = v.parse(ToEngine, data)
  if (message.type === 'start') return void (host = start(message))
  if (!host) throw new Error(`"${message.type}" came before "start".`)
  switch (message.type) {
    case 'connect':
      return serveChannel(host, portChannel(ports[0]!), reportBug)
    case 'grant':
      return void grant(host, message.id, message.path)
    case 'chosen':
      choosing.get(message.id)?.(message.path)
      return void choosing.delete(message.id)
    case 'compute-page':
      return computePage.connected(message.id, ports[0]!)
    case 'compute-gone':
      return computePage.gone(message.id, message.reason)
    case 'close':
      return void host.close().finally(() => process.exit(0))
  }
})

function reportBug(error: unknown): void {
  tell({ type: 'bug', text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

/** A port that carries one JSON text a message: a text crosses the border of the page's world quickest. */
function portChannel(port: MessagePortMain): HostChannel {
  return {
    send: (message) => port.postMessage(JSON.stringify(message)),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(parseJson(String(data))))
      port.start()
    },
    onClose: (listener) => port.on('close', listener),
    refuse: () => port.close(),
  }
}
