import type { Kernels } from './kernels.ts'
import { MEMORY_PER_WORKER } from './layout.ts'

export { MEMORY_PER_WORKER } from './layout.ts'

/** A compiled WebAssembly.Module; can be sent to other threads. */
export type KernelModule = object

/** A shared WebAssembly.Memory; can be sent to other threads. */
export interface KernelMemory {
  readonly buffer: ArrayBufferLike
}

// Every host has it; the ECMAScript library does not declare it.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => KernelModule
  Memory: new (pages: { initial: number; maximum: number; shared: true }) => KernelMemory
  Instance: new (module: KernelModule, imports: { env: { memory: KernelMemory } }) => { readonly exports: object }
}

/** Compiles the bytes of fingerprint.wasm. Throws WebAssembly.CompileError where SIMD is missing. */
export function compileKernels(bytes: Uint8Array): KernelModule {
  return new WebAssembly.Module(bytes)
}

/** Memory for so many workers: the base of worker i is i × MEMORY_PER_WORKER. */
export function allocateMemory(workers: number): KernelMemory {
  const pages = (workers * MEMORY_PER_WORKER) / 65536
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
}

/**
 * The compiled kernels over the MEMORY_PER_WORKER bytes from `base`, which belong to
 * them alone; other instances, in other threads too, may use the rest of the memory.
 *
 * @throws RangeError if the memory is too short or `base` is not a multiple of 64
 */
export function instantiateKernels(module: KernelModule, memory: KernelMemory, base: number): Kernels {
  if (base % 64 !== 0 || base < 0 || base + MEMORY_PER_WORKER > memory.buffer.byteLength) {
    throw new RangeError(`no ${MEMORY_PER_WORKER} bytes at ${base} of ${memory.buffer.byteLength}`)
  }
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  return { ...(exports as Omit<Kernels, 'buffer' | 'base'>), buffer: memory.buffer, base }
}
