import { createHash, type Hash } from 'node:crypto'
import { createMeasurer, type HashFactory } from '../src-main/fingerprint/measure.ts'
import { openDawn } from '../src-main/engine/compute/dawn/dawn.ts'
import { loadShaders } from '../src-main/engine/compute/dawn/shaders.ts'
import { Batch } from '../src-renderer/compute/batch.ts'
import { compilePipelines, openAdapter, openDevice } from '../src-renderer/compute/device.ts'
import { openComputeEngine } from '../src-renderer/compute/engine.ts'
import { kernels } from '../src-renderer/compute/kernels/registry.ts'
import { BATCH_ELEMENTS, KERNELS } from '../src-renderer/compute/layout.ts'
import { collectTensor } from '../src-renderer/compute/tensor.ts'
import { ComputeFailure, type ByteSource } from '../src-renderer/compute/types.ts'
import { wasmKernels } from '../test/support/kernels.ts'
import { normalBytes, type Store } from './models.ts'
import { benchPairs } from './pairs.ts'

const COLUMNS = 4096
const STORES: readonly Store[] = ['F32', 'BF16']
const ELEMENT_BYTES = { F32: 4, BF16: 2 } as const

/** How much work: a device of software would take minutes for what a graphics card does in a second. */
interface Effort {
  /** Dispatches of one kernel in a row. */
  readonly dispatches: number
  /** Bytes of the tensor that is measured from end to end. */
  readonly bytes: number
  /** Bytes that are copied on the device to learn its bandwidth. */
  readonly copied: number
  /** Vectors of which all pairs are measured. */
  readonly rows: readonly number[]
}
const SOFTWARE: Effort = { dispatches: 2, bytes: 2 ** 24, copied: 2 ** 26, rows: [128, 256] }
const HARDWARE: Effort = { dispatches: 200, bytes: 2 ** 31, copied: 2 ** 36, rows: [128, 512, 2048] }

/** What a graphics card measures, beside the processor in the same run. Ends with a sentence where there is none. */
export async function benchGpu(): Promise<void> {
  try {
    await benchAdapter()
  } catch (error) {
    if (!(error instanceof ComputeFailure)) throw error
    console.log(error.message)
  }
}

async function benchAdapter(): Promise<void> {
  const gpu = await openDawn()
  const [adapter, { description, software }] = await openAdapter(gpu, true)
  const { vendor, architecture, device: chip } = adapter.info
  console.log(`${description} (${[vendor, architecture, chip].filter(Boolean).join(', ')})`)
  if (software)
    console.log('This adapter computes on the processor: the figures show that it works, not how fast a card is.')
  const effort = software ? SOFTWARE : HARDWARE
  const device = await openDevice(adapter)
  const bandwidth = await copySpeed(device, effort.copied)
  console.log(`device memory, read and written by a copy: ${inGigabytes(bandwidth)} GB/s\n`)
  for (const store of STORES) await benchKernels(device, store, effort, bandwidth)
  await benchPairs(device, loadShaders(), effort.rows)
  device.destroy()
  await benchEndToEnd(gpu, effort)
}

/** Bytes a second. */
async function timed(bytes: number, work: () => void | Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (1000 * bytes) / (performance.now() - started)
}

async function copySpeed(device: GPUDevice, bytes: number): Promise<number> {
  const size = 2 ** 26
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const [from, to] = [device.createBuffer({ size, usage }), device.createBuffer({ size, usage })]
  const copy = (times: number): Promise<undefined> => {
    const encoder = device.createCommandEncoder()
    for (let i = 0; i < times; i++) encoder.copyBufferToBuffer(from, 0, to, 0, size)
    device.queue.submit([encoder.finish()])
    return device.queue.onSubmittedWorkDone()
  }
  await copy(1)
  // Each byte is read once and written once.
  return timed(2 * bytes, () => copy(bytes / size))
}

/** One full batch: each kernel alone, and the ways there and back. */
async function benchKernels(device: GPUDevice, store: Store, effort: Effort, bandwidth: number): Promise<void> {
  const batch = new Batch(device, await compilePipelines(device, loadShaders()))
  const rows = BATCH_ELEMENTS / COLUMNS
  const bytes = normalBytes(store, BATCH_ELEMENTS)
  const collector = collectTensor(store, [rows, COLUMNS])
  const piece = collector.pieces[0]!
  const request = collector.request(piece)
  batch.room(bytes.length).set(bytes)
  batch.place(request, bytes.length, collector.pass(piece, bytes))
  const done = (): Promise<undefined> => device.queue.onSubmittedWorkDone()
  const upload = await timed(bytes.length, () => (batch.upload(), done()))
  console.log(`${store}, one batch of ${bytes.length / 2 ** 20} MiB     GB/s   of its memory's`)
  console.log(row('upload', upload))
  for (const name of KERNELS) {
    if (kernels[name].workgroups(request) === 0) continue
    // The first compiles what the driver has left to the last moment, and leaves what later kernels use.
    batch.compute(KERNELS)
    await done()
    const names = Array.from({ length: effort.dispatches }, () => name)
    const speed = await timed(bytes.length * effort.dispatches, () => (batch.compute(names), done()))
    console.log(row(name, speed, speed / bandwidth))
  }
  batch.compute(KERNELS)
  await done()
  const started = performance.now()
  const { words } = await batch.download()
  const back = `${(words.byteLength / 2 ** 10).toFixed(0)} KiB in ${(performance.now() - started).toFixed(2)} ms`
  console.log(`  ${'read-back'.padEnd(20)} ${back}\n`)
}

/** From bytes in memory to numbers, beside one thread of the processor. */
async function benchEndToEnd(gpu: GPU, { bytes }: Effort): Promise<void> {
  const engine = await openComputeEngine(gpu, loadShaders(), true)
  console.log('end to end, GB/s      device   one thread   device / thread   with SHA-256: device   one thread')
  for (const store of STORES) {
    const block = normalBytes(store, BATCH_ELEMENTS)
    const shape = [bytes / ELEMENT_BYTES[store] / COLUMNS, COLUMNS]
    const onDevice = (hash: Hash | null): Promise<number> => {
      const source: ByteSource = {
        read(target) {
          target.set(block.subarray(0, target.length))
          hash?.update(target)
        },
      }
      return timed(bytes, () => engine.measure([{ dtype: store, shape, source }])[0])
    }
    await onDevice(null)
    const device = await onDevice(null)
    const hashing = await onDevice(createHash('sha256'))
    const thread = await processorSpeed(store, shape, block, () => ({
      update: () => {},
      digest: () => new Uint8Array(32),
    }))
    const hashingThread = await processorSpeed(store, shape, block, () => createHash('sha256'))
    const cells = [device, thread, (1e9 * device) / thread, hashing, hashingThread].map(inGigabytes)
    console.log(store.padEnd(18) + cells.map((cell, i) => cell.padStart([10, 13, 18, 23, 13][i]!)).join(''))
  }
  engine.close()
}

function processorSpeed(store: Store, shape: readonly number[], block: Uint8Array, hash: HashFactory): Promise<number> {
  const measurer = createMeasurer(wasmKernels()[0]!, hash)
  const bytes = shape[0]! * shape[1]! * ELEMENT_BYTES[store]
  return timed(bytes, () => {
    measurer.begin(store, shape)
    for (let buffer = measurer.nextBuffer(); buffer.length > 0; buffer = measurer.nextBuffer()) {
      buffer.set(block.subarray(0, buffer.length))
      measurer.absorb()
    }
    measurer.finish()
  })
}

function row(name: string, speed: number, share?: number): string {
  return `  ${name.padEnd(20)} ${inGigabytes(speed).padStart(12)}${share === undefined ? '' : `${(100 * share).toFixed(0)} %`.padStart(14)}`
}

/** Three digits: devices differ by a factor of a thousand. */
function inGigabytes(speed: number): string {
  return String(Number((speed / 1e9).toPrecision(3)))
}
