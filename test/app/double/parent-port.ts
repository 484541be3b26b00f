// Preloaded into the process that stands for a utility process: `process.parentPort`, over the channel of the fork.
import { EventEmitter } from 'node:events'
import { MessageChannelMain, type MessagePortMain } from './ports.ts'
import type { Wire } from './utility-process.ts'

const ports = new Map<number, MessagePortMain>()
const port = new EventEmitter()
const send = (message: Wire): void => void process.send?.(message)

function receive(id: number): MessagePortMain {
  const { port1, port2 } = new MessageChannelMain()
  port2.outlet = {
    send: (data) => send({ type: 'port', id, data }),
    close: () => send({ type: 'port-closed', id }),
  }
  ports.set(id, port2)
  return port1
}

process.on('message', (message: Wire) => {
  if (message.type === 'message') port.emit('message', { data: message.data, ports: message.ports.map(receive) })
  else if (message.type === 'port') ports.get(message.id)?.postMessage(message.data)
  else if (message.type === 'port-closed') ports.get(message.id)?.close()
})
// When the main process is gone, so is this one.
process.on('disconnect', () => process.exit(1))

Object.defineProperty(process, 'parentPort', {
  value: Object.assign(port, { postMessage: (data: unknown) => send({ type: 'message', data, ports: [] }) }),
})
