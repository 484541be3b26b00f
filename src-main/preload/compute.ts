import { contextBridge, ipcRenderer } from 'electron'
import type { ComputeBridge, ComputeChannel } from '../contract/bridge.ts'
import type { ToComputePage } from '../contract/compute.ts'

/** Messages and granted bytes of one port, which never crosses to the page itself. */
function computeChannel(port: MessagePort): ComputeChannel {
  const reading = new Map<number, PromiseWithResolvers<Uint8Array>>()
  const answer = ({ id, bytes }: Extract<ToComputePage, { type: 'bytes' }>): void => {
    if (bytes) reading.get(id)?.resolve(bytes)
    else reading.get(id)?.reject(new Error('The tensor is not wanted any more.'))
    reading.delete(id)
  }
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', ({ data }: { data: ToComputePage }) =>
        data.type === 'bytes' ? answer(data) : listener(data),
      )
      port.start()
    },
    onClose: (listener) =>
      port.addEventListener('close', () => {
        for (const one of reading.values()) one.reject(new Error('The engine is gone.'))
        listener()
      }),
    read: (id, offset, length) => {
      const bytes = Promise.withResolvers<Uint8Array>()
      reading.set(id, bytes)
      // What may be read, and how much of it, the engine decides.
      port.postMessage({ type: 'read', id, offset, length })
      return bytes.promise
    },
  }
}

const bridge: ComputeBridge = {
  connect: () =>
    new Promise((resolve) => {
      ipcRenderer.once('compute:port', ({ ports }) => resolve(computeChannel(ports[0]!)))
      ipcRenderer.send('compute:connect')
    }),
}

contextBridge.exposeInMainWorld('heirloomCompute', bridge)
