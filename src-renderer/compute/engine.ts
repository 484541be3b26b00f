import type { Numbers } from '../../src-main/fingerprint/types.ts'
import type { Dtype } from '../../src-main/formats/dtype.ts'
import { Batch } from './batch.ts'
import { compilePipelines, openAdapter, openDevice } from './device.ts'
import { formatOf } from './formats.ts'
import { guarded } from './guard.ts'
import type { BatchResults, PlacedPiece } from './kernels/kernel.ts'
import { collectTensor, type TensorCollector } from './tensor.ts'
import {
  ComputeFailure,
  type AdapterReport,
  type ComputeEngine,
  type ShaderSources,
  type TensorRequest,
} from './types.ts'

/** One is filled while one computes and one comes back: all memory there is, however large the tensors are. */
const BATCHES = 3

/**
 * Opens the fastest adapter and prepares the kernels.
 * @param allowSoftware takes an adapter that computes on the processor too: for tests
 * @throws ComputeFailure where there is none, or it cannot do what the kernels need
 */
export async function openComputeEngine(
  gpu: GPU,
  shaders: ShaderSources,
  allowSoftware = false,
): Promise<ComputeEngine> {
  const [adapter, report] = await openAdapter(gpu, allowSoftware)
  const device = await openDevice(adapter)
  try {
    const pipelines = await guarded(device, () => compilePipelines(device, shaders))
    const batches = await guarded(device, () => Array.from({ length: BATCHES }, () => new Batch(device, pipelines)))
    return new DeviceEngine(device, report, batches)
  } catch (error) {
    device.destroy()
    throw error
  }
}

/** A tensor of which pieces are on their way. */
interface Journey {
  readonly collector: TensorCollector
  readonly outcome: PromiseWithResolvers<Numbers>
  /** Pieces that have not come back. */
  missing: number
}

interface Passenger {
  readonly journey: Journey
  readonly placed: PlacedPiece
}

class DeviceEngine implements ComputeEngine {
  readonly adapter: AdapterReport
  readonly #device: GPUDevice
  readonly #free: Batch[]
  readonly #waiting: ((batch: Batch) => void)[] = []
  #filling: Promise<void> = Promise.resolve()
  #failure: ComputeFailure | null = null

  constructor(device: GPUDevice, adapter: AdapterReport, batches: readonly Batch[]) {
    this.adapter = adapter
    this.#device = device
    this.#free = [...batches]
    void device.lost.then(({ message }) => {
      this.#failure ??= new ComputeFailure('lost', `The graphics card was lost: ${message || 'no reason was given'}`)
    })
  }

  supports(dtype: Dtype): boolean {
    return formatOf(dtype) !== null
  }

  measure(tensors: readonly TensorRequest[]): Promise<Numbers>[] {
    const outcomes = tensors.map(() => Promise.withResolvers<Numbers>())
    // What was asked for first is read first.
    this.#filling = this.#filling.then(() => this.#fill(tensors, outcomes))
    return outcomes.map(({ promise }) => promise)
  }

  close(): void {
    this.#failure ??= new ComputeFailure('lost', 'The graphics card was let go.')
    this.#device.destroy()
  }

  /** Reads the tensors one after the other into batches, and sends each batch when it is full. Never rejects. */
  async #fill(tensors: readonly TensorRequest[], outcomes: readonly PromiseWithResolvers<Numbers>[]): Promise<void> {
    let batch = await this.#take()
    let passengers: Passenger[] = []
    const send = (): void => {
      void this.#send(batch, passengers)
      passengers = []
    }
    for (const [index, { dtype, shape, source }] of tensors.entries()) {
      const outcome = outcomes[index]!
      try {
        const collector = collectTensor(dtype, shape)
        const { elementBytes, pieces } = collector
        const journey = { collector, outcome, missing: pieces.length }
        if (pieces.length === 0) outcome.resolve(collector.finish())
        for (const piece of pieces) {
          const request = collector.request(piece)
          if (!batch.fits(request, elementBytes)) {
            send()
            batch = await this.#take()
          }
          if (this.#failure) throw this.#failure
          const bytes = batch.room(piece.count * elementBytes)
          await source.read(bytes, piece.start * elementBytes)
          const shift = collector.pass(piece, bytes)
          passengers.push({ journey, placed: batch.place(request, bytes.length, shift) })
        }
      } catch (error) {
        outcome.reject(error)
      }
    }
    if (batch.empty) this.#give(batch)
    else send()
  }

  async #send(batch: Batch, passengers: readonly Passenger[]): Promise<void> {
    try {
      const results = await guarded(this.#device, () => batch.run())
      for (const passenger of passengers) arrive(passenger, results)
    } catch (error) {
      if (error instanceof ComputeFailure) this.#failure ??= error
      for (const { journey } of passengers) journey.outcome.reject(error)
    } finally {
      this.#give(batch)
    }
  }

  /** Waits until a batch is free: nothing is read that there is no room for. */
  #take(): Promise<Batch> {
    const batch = this.#free.pop()
    return batch ? Promise.resolve(batch) : new Promise((resolve) => this.#waiting.push(resolve))
  }

  #give(batch: Batch): void {
    const next = this.#waiting.shift()
    if (next) next(batch)
    else this.#free.push(batch)
  }
}

function arrive({ journey, placed }: Passenger, results: BatchResults): void {
  const { collector, outcome } = journey
  collector.take(placed, results)
  journey.missing--
  if (journey.missing === 0) outcome.resolve(collector.finish())
}
