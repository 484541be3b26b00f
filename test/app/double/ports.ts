import { EventEmitter } from 'node:events'

/** One end of a channel. Where it was sent to another process or page, messages go through `outlet`. */
export class MessagePortMain extends EventEmitter {
  peer: MessagePortMain | null = null
  /** Set once the port has been handed on: messages for it leave here. */
  outlet: { send: (data: unknown) => void; close: () => void } | null = null
  #closed = false

  start(): void {}

  postMessage(data: unknown): void {
    this.peer?.arrive(data)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.outlet?.close()
    this.emit('close')
    this.peer?.close()
  }

  arrive(data: unknown): void {
    if (this.outlet) this.outlet.send(data)
    else this.emit('message', { data })
  }
}

export class MessageChannelMain {
  readonly port1 = new MessagePortMain()
  readonly port2 = new MessagePortMain()

  constructor() {
    this.port1.peer = this.port2
    this.port2.peer = this.port1
  }
}

/** Ports that were handed to one process or page, by number. */
export class PortTable {
  readonly #ports = new Map<number, MessagePortMain>()
  #next = 0

  hand(port: MessagePortMain, outlet: (id: number) => NonNullable<MessagePortMain['outlet']>): number {
    const id = this.#next++
    this.#ports.set(id, port)
    port.outlet = outlet(id)
    return id
  }

  /** What came back from there. */
  message(id: number, data: unknown): void {
    this.#ports.get(id)?.postMessage(data)
  }

  close(id: number): void {
    this.#ports.get(id)?.close()
  }

  closeAll(): void {
    for (const port of this.#ports.values()) port.close()
    this.#ports.clear()
  }
}
