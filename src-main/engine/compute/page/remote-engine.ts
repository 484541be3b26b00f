import type { MessagePort } from 'node:worker_threads'
import type { Numbers } from '../../../fingerprint/types.ts'
import { storedBytes, type Dtype } from '../../../formats/dtype.ts'
import {
  ComputeFailure,
  type AdapterReport,
  type ComputeEngine,
  type TensorRequest,
} from '../../../../src-renderer/compute/types.ts'
import { faultOf } from './check-numbers.ts'
import type { FromThread, ToThread } from './port-messages.ts'

type Opened = Extract<ToThread, { type: 'opened' }>

/**
 * The device of the compute page, for one thread.
 * @param port from ComputeRelay.connect
 * @throws ComputeFailure where the page has no device, or there is no page
 */
export function openRemoteEngine(port: MessagePort): Promise<ComputeEngine> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new ComputeFailure('lost', 'The engine ended.'))
    port.once('close', ended)
    port.once('message', (message: ToThread) => {
      port.off('close', ended)
      if (message.type === 'opened') return resolve(new RemoteEngine(port, message))
      port.close()
      reject(message.type === 'unavailable' ? failureOf(message) : new ComputeFailure('refused', 'It was no answer.'))
    })
  })
}

interface Measuring extends TensorRequest {
  readonly outcome: PromiseWithResolvers<Numbers>
}

class RemoteEngine implements ComputeEngine {
  readonly adapter: AdapterReport
  readonly #dtypes: ReadonlySet<string>
  readonly #port: MessagePort
  readonly #measuring = new Map<number, Measuring>()
  #nextId = 0
  #failure: ComputeFailure | null = null

  constructor(port: MessagePort, { adapter, dtypes }: Opened) {
    this.adapter = adapter
    this.#dtypes = new Set(dtypes)
    this.#port = port
    port.on('message', (message: ToThread) => this.#heard(message))
    port.on('close', () => this.#fail(new ComputeFailure('lost', 'The compute page is gone.')))
  }

  supports(dtype: Dtype): boolean {
    return this.#dtypes.has(dtype)
  }

  measure(tensors: readonly TensorRequest[]): Promise<Numbers>[] {
    const failure = this.#failure
    if (failure) return tensors.map(() => Promise.reject(failure))
    const granted = tensors.map(({ dtype, shape, source }) => {
      const id = this.#nextId++
      const outcome = Promise.withResolvers<Numbers>()
      this.#measuring.set(id, { dtype, shape, source, outcome })
      return { message: { id, dtype, shape, bytes: storedBytes(dtype, shape) }, outcome }
    })
    this.#tell({ type: 'measure', tensors: granted.map(({ message }) => message) })
    return granted.map(({ outcome }) => outcome.promise)
  }

  close(): void {
    this.#fail(new ComputeFailure('lost', 'The compute page was let go.'))
    this.#port.close()
  }

  #heard(message: ToThread): void {
    switch (message.type) {
      case 'read':
        return void this.#read(message.id, message.offset, message.length)
      case 'numbers':
        return this.#measured(message.id, message.numbers)
      case 'failed':
        return this.#take(message.id)?.outcome.reject(failureOf(message))
      case 'unavailable':
        return this.#fail(failureOf(message))
    }
  }

  /** What the source throws ends the tensor as it is: the file failed, not the device. */
  async #read(id: number, offset: number, length: number): Promise<void> {
    const bytes = new Uint8Array(length)
    try {
      await this.#measuring.get(id)?.source.read(bytes, offset)
    } catch (error) {
      this.#take(id)?.outcome.reject(error)
      return this.#tell({ type: 'withdraw', id })
    }
    this.#tell({ type: 'bytes', id, bytes }, [bytes.buffer])
  }

  #measured(id: number, numbers: Numbers): void {
    const measuring = this.#take(id)
    if (!measuring) return
    const fault = faultOf(measuring.dtype, measuring.shape, numbers)
    if (fault === null) return measuring.outcome.resolve(numbers)
    measuring.outcome.reject(new ComputeFailure('refused', `The compute page measured what cannot be: ${fault}.`))
  }

  #take(id: number): Measuring | undefined {
    const measuring = this.#measuring.get(id)
    this.#measuring.delete(id)
    return measuring
  }

  #fail(failure: ComputeFailure): void {
    this.#failure ??= failure
    for (const id of [...this.#measuring.keys()]) this.#take(id)?.outcome.reject(this.#failure)
  }

  #tell(message: FromThread, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer)
  }
}

function failureOf({ reason, message }: { reason: ComputeFailure['reason']; message: string }): ComputeFailure {
  return new ComputeFailure(reason, message)
}
