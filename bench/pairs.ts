// All pairs of vectors of 4,096 numbers, by a device and by one thread of the processor.
import type { PairOperation } from '../src-main/fingerprint/pairs.ts'
import { innerProducts, squaredDistances } from '../src-main/heritage/pairwise.ts'
import { finish } from '../src-main/heritage/steps.ts'
import { seededRandom } from '../src-main/heritage/tree/random.ts'
import { openPairEngine } from '../src-renderer/compute/pairs.ts'
import type { ShaderSources } from '../src-renderer/compute/types.ts'

const LENGTH = 4096
const REPEATS = 3
const ON_PROCESSOR = { 'inner product': innerProducts, 'squared distance': squaredDistances } as const
const COLUMNS = ['rows', 'operation', 'device', 'processor', 'device / processor', 'upload', 'read-back']

/**
 * Prints pairs a second, from rows in memory to values in memory, and what sending the rows and bringing back the values take of it.
 *
 * @param counts rows, each list with itself; a device of software takes seconds for 256
 */
export async function benchPairs(device: GPUDevice, shaders: ShaderSources, counts = [128, 512, 2048]): Promise<void> {
  const engine = await openPairEngine(device, shaders)
  console.log(COLUMNS.map((name) => name.padStart(20)).join(''))
  for (const count of counts) {
    const rows = randomRows(count)
    const pairs = (count * (count - 1)) / 2
    const upload = await bestTime(() => send(device, rows))
    const readBack = await bestTime(() => bringBack(device, 4 * count * count))
    for (const operation of Object.keys(ON_PROCESSOR) as PairOperation[]) {
      const onDevice = await bestTime(() => engine.measure({ operation, rows, others: rows }))
      const onProcessor = await bestTime(() => finish(ON_PROCESSOR[operation](rows, rows, () => {})))
      const cells = [
        String(count),
        operation,
        perSecond(pairs / onDevice),
        perSecond(pairs / onProcessor),
        (onProcessor / onDevice).toPrecision(3),
        `${upload.toFixed(1)} ms`,
        `${readBack.toFixed(1)} ms`,
      ]
      console.log(cells.map((cell) => cell.padStart(20)).join(''))
    }
  }
}

function randomRows(count: number): Float32Array[] {
  const uniform = seededRandom(count)
  return Array.from({ length: count }, () => Float32Array.from({ length: LENGTH }, () => uniform() - 0.5))
}

/** Milliseconds, the best of some runs: the machine may have other work. */
async function bestTime(run: () => unknown): Promise<number> {
  let best = Infinity
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now()
    await run()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

function perSecond(pairsPerMillisecond: number): string {
  return `${(pairsPerMillisecond / 1000).toPrecision(3)} M/s`
}

async function send(device: GPUDevice, rows: readonly Float32Array[]): Promise<void> {
  const buffer = device.createBuffer({
    size: 4 * rows.length * LENGTH,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.STORAGE,
  })
  const packed = new Float32Array(rows.length * LENGTH)
  rows.forEach((row, i) => packed.set(row, i * LENGTH))
  device.queue.writeBuffer(buffer, 0, packed)
  device.queue.submit([])
  await device.queue.onSubmittedWorkDone()
  buffer.destroy()
}

async function bringBack(device: GPUDevice, size: number): Promise<void> {
  const values = device.createBuffer({ size, usage: GPUBufferUsage.COPY_SRC })
  const readback = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(values, 0, readback, 0, size)
  device.queue.submit([encoder.finish()])
  await readback.mapAsync(GPUMapMode.READ)
  Float64Array.from(new Float32Array(readback.getMappedRange()))
  readback.unmap()
  values.destroy()
  readback.destroy()
}
