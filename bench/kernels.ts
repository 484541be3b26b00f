// How fast tensors are measured, in GB/s of stored bytes on one core: npm exec -- node bench/kernels.ts
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { referenceKernels } from '../src-main/fingerprint/kernels/reference.ts'
import { allocateMemory, compileKernels, instantiateKernels } from '../src-main/fingerprint/kernels/wasm.ts'
import { CHUNK_BYTES, createMeasurer, type HashFactory, type Kernels } from '../src-main/fingerprint/measure.ts'

const COLUMNS = 4096
const BYTES = 256 * 2 ** 20
const SLICE_BYTES = 16 * 2 ** 20
const REPEATS = 5
/** The last two have no sums per column and go element by element into the sketch. */
const SHAPES = [[64], [60, 60], [256, 256], [1024, 1024], [2 ** 18, 16], [2 ** 22], [4, 2 ** 20]] as const
const STORES = ['F32', 'BF16', 'F16'] as const
type Store = (typeof STORES)[number]

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** Normal numbers of sigma 0.02, 1 MiB of them: every chunk gets the same. */
function weights(store: Store): Uint8Array {
  const values = Float32Array.from(
    { length: CHUNK_BYTES / (store === 'F32' ? 4 : 2) },
    () => 0.02 * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
  )
  if (store === 'F32') return new Uint8Array(values.buffer)
  if (store === 'BF16') {
    return new Uint8Array(Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16).buffer)
  }
  const view = new DataView(new ArrayBuffer(CHUNK_BYTES))
  values.forEach((x, i) => view.setFloat16(2 * i, x, true))
  return new Uint8Array(view.buffer)
}

const noHash: HashFactory = () => ({ update: () => undefined, digest: () => new Uint8Array(32) })

/** Milliseconds, best of some runs: the machine may have other work. */
function bestTime(run: () => void): number {
  let best = Infinity
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now()
    run()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

/** GB/s. */
function speed(bytes: number, run: () => void): number {
  return bytes / bestTime(run) / 1e6
}

/** The chunk is filled once: reading is not what is timed. Returns what measures one tensor without its hash. */
function prepare(kernels: Kernels, store: Store, shape: readonly number[], chunk: Uint8Array): () => void {
  const measurer = createMeasurer(kernels, noHash)
  measurer.begin(store, shape)
  measurer.nextBuffer().set(chunk.subarray(0, measurer.nextBuffer().length))
  return () => {
    measurer.begin(store, shape)
    while (measurer.nextBuffer().length > 0) measurer.absorb()
    measurer.finish()
  }
}

function measureSpeed(kernels: Kernels, store: Store, chunk: Uint8Array, bytes: number): number {
  const shape = [bytes / (store === 'F32' ? 4 : 2) / COLUMNS, COLUMNS]
  return speed(bytes, prepare(kernels, store, shape, chunk))
}

/** Microseconds for one tensor; small ones are measured many times in a row. */
function measureTime(store: Store, shape: readonly number[], chunk: Uint8Array): number {
  const measure = prepare(wasm, store, shape, chunk)
  const times = Math.ceil(2 ** 20 / elementsOf(shape))
  const milliseconds = bestTime(() => {
    for (let i = 0; i < times; i++) measure()
  })
  return (1000 * milliseconds) / times
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

execFileSync(process.execPath, [path('scripts/build-kernels.mjs')])
const wasm = instantiateKernels(
  compileKernels(readFileSync(path('out/kernels/fingerprint.wasm'))),
  allocateMemory(1),
  0,
)
const reference = referenceKernels()
const chunks = { F32: weights('F32'), BF16: weights('BF16'), F16: weights('F16') }

console.log(`GB/s      WASM   SHA-256   TypeScript   WASM / TypeScript   WASM / SHA-256`)
for (const store of STORES) {
  const chunk = chunks[store]
  const fast = measureSpeed(wasm, store, chunk, BYTES)
  const hashing = speed(BYTES, () => {
    const hash = createHash('sha256')
    for (let at = 0; at < BYTES; at += CHUNK_BYTES) hash.update(chunk)
    hash.digest()
  })
  const plain = measureSpeed(reference, store, chunk, SLICE_BYTES)
  const cells = [
    fast.toFixed(2),
    hashing.toFixed(2),
    plain.toFixed(2),
    (fast / plain).toFixed(1),
    (fast / hashing).toFixed(2),
  ]
  console.log(store.padEnd(6) + cells.map((cell, i) => cell.padStart([8, 10, 13, 20, 17][i]!)).join(''))
}

const inColumns = (cells: readonly string[]) => cells.map((cell) => cell.padStart(18)).join('')
console.log(`\nOne tensor, µs (GB/s)`)
console.log(' '.repeat(12) + inColumns(STORES))
for (const shape of SHAPES) {
  const cells = STORES.map((store) => {
    const time = measureTime(store, shape, chunks[store])
    const bytes = elementsOf(shape) * (store === 'F32' ? 4 : 2)
    return `${time.toFixed(0)} (${(bytes / time / 1e3).toFixed(2)})`
  })
  console.log(shape.join(' × ').padEnd(12) + inColumns(cells))
}
