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

/** Best of some runs: the machine may have other work. */
function speed(bytes: number, run: () => void): number {
  let best = Infinity
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now()
    run()
    best = Math.min(best, performance.now() - start)
  }
  return bytes / best / 1e6
}

/** The chunk is filled once: reading is not what is timed. */
function measureSpeed(kernels: Kernels, store: Store, chunk: Uint8Array, bytes: number): number {
  const measurer = createMeasurer(kernels, noHash)
  const shape = [bytes / (store === 'F32' ? 4 : 2) / COLUMNS, COLUMNS]
  measurer.begin(store, shape)
  measurer.nextBuffer().set(chunk)
  return speed(bytes, () => {
    measurer.begin(store, shape)
    for (let at = 0; at < bytes; at += CHUNK_BYTES) measurer.absorb()
    measurer.finish()
  })
}

execFileSync(process.execPath, [path('scripts/build-kernels.mjs')])
const wasm = instantiateKernels(
  compileKernels(readFileSync(path('out/kernels/fingerprint.wasm'))),
  allocateMemory(1),
  0,
)
const reference = referenceKernels()

console.log(`GB/s      WASM   SHA-256   TypeScript   WASM / TypeScript   WASM / SHA-256`)
for (const store of STORES) {
  const chunk = weights(store)
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
