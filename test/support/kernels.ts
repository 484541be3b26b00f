import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { referenceKernels } from '../../src-main/fingerprint/kernels/reference.ts'
import {
  allocateMemory,
  compileKernels,
  instantiateKernels,
  MEMORY_PER_WORKER,
} from '../../src-main/fingerprint/kernels/wasm.ts'
import { createMeasurer, type Kernels, type Measurer } from '../../src-main/fingerprint/measure.ts'
import type { Measurement } from '../../src-main/fingerprint/types.ts'
import type { Dtype } from '../../src-main/formats/dtype.ts'

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

/** The compiled kernels, built if a source is newer, for `workers` regions of one shared memory. */
export function wasmKernels(workers = 1): Kernels[] {
  execFileSync(process.execPath, [path('scripts/build-kernels.mjs')])
  const module = compileKernels(readFileSync(path('out/kernels/fingerprint.wasm')))
  const memory = allocateMemory(workers)
  return Array.from({ length: workers }, (_, i) => instantiateKernels(module, memory, i * MEMORY_PER_WORKER))
}

export const sha256 = () => createHash('sha256')

/** Both implementations, by name, for describe.each. */
export function measurers(chunkBytes?: number): [string, Measurer][] {
  return [
    ['wasm', createMeasurer(wasmKernels()[0]!, sha256, chunkBytes)],
    ['reference', createMeasurer(referenceKernels(), sha256, chunkBytes)],
  ]
}

/** Feeds a tensor's bytes to a measurer as the engine does. */
export function measure(measurer: Measurer, dtype: Dtype, shape: readonly number[], bytes: Uint8Array): Measurement {
  measurer.begin(dtype, shape)
  let at = 0
  for (let buffer = measurer.nextBuffer(); buffer.length > 0; buffer = measurer.nextBuffer()) {
    buffer.set(bytes.subarray(at, at + buffer.length))
    at += buffer.length
    measurer.absorb()
  }
  return measurer.finish()
}
