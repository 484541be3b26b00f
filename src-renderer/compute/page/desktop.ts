import type { ComputeBridge } from '../../../src-main/contract/bridge.ts'
import type { PageChannel } from './channel.ts'

/** The engine of the desktop application: the preload script carries messages, and the bytes of granted tensors. */
export async function connectToDesktop(bridge: ComputeBridge): Promise<PageChannel> {
  const { send, onMessage, onClose, read } = await bridge.connect()
  return {
    send,
    onMessage,
    onClose,
    readInto: async (target, id, offset) => target.set(await read(id, offset, target.length)),
  }
}
