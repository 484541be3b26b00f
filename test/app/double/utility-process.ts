import { fork as forkProcess, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { PortTable, type MessagePortMain } from './ports.ts'

/** What the two sides of the double send each other. */
export type Wire =
  | { readonly type: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly type: 'port'; readonly id: number; readonly data: unknown }
  | { readonly type: 'port-closed'; readonly id: number }
  /** Of a test to an engine of its own, and back. */
  | { readonly type: 'ask'; readonly question: string }
  | { readonly type: 'answer'; readonly answer: unknown }

/** Another program in the place of the engine: HEIRLOOM_DOUBLE_ENGINE. */
const otherEngine = process.env['HEIRLOOM_DOUBLE_ENGINE']

const parentPort = fileURLToPath(new URL('./parent-port.ts', import.meta.url))

/** A process of Node that finds `process.parentPort` as in Electron. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess
  readonly #ports = new PortTable()

  constructor(file: string) {
    super()
    this.#child = forkProcess(file, [], { execArgv: ['--import', parentPort], serialization: 'advanced' })
    this.#child.on('message', (message: Wire) => {
      if (message.type === 'message') this.emit('message', message.data)
      else if (message.type === 'port') this.#ports.message(message.id, message.data)
      else if (message.type === 'port-closed') this.#ports.close(message.id)
      else if (message.type === 'answer') this.emit('answer', message.answer)
    })
    this.#child.on('exit', (code, signal) => {
      this.#ports.closeAll()
      this.emit('exit', code ?? `signal ${signal}`)
    })
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined
  }

  postMessage(data: unknown, ports: readonly MessagePortMain[] = []): void {
    const ids = ports.map((port) =>
      this.#ports.hand(port, (id) => ({
        send: (message) => this.#send({ type: 'port', id, data: message }),
        close: () => this.#send({ type: 'port-closed', id }),
      })),
    )
    this.#send({ type: 'message', data, ports: ids })
  }

  ask(question: string): Promise<unknown> {
    const answer = new Promise((resolve) => this.once('answer', resolve))
    this.#send({ type: 'ask', question })
    return answer
  }

  kill(): boolean {
    return this.#child.kill('SIGKILL')
  }

  #send(message: Wire): void {
    if (this.#child.connected) this.#child.send(message)
  }
}

/** All that were started, the last one last. */
export const processes: UtilityProcess[] = []

export const utilityProcess = {
  fork(file: string): UtilityProcess {
    const child = new UtilityProcess(otherEngine ?? file)
    processes.push(child)
    return child
  },
}
