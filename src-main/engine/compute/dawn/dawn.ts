import type * as Dawn from 'webgpu'
import { ComputeFailure } from '../../../../src-renderer/compute/types.ts'

/** Whoever drops it while a device of it is in use ends the process. One for each thread. */
let instance: GPU | null = null

/** WebGPU in this thread. @throws ComputeFailure where the optional package is not installed or does not run here */
export async function openDawn(): Promise<GPU> {
  if (instance) return instance
  const { create, globals } = await importDawn()
  Object.assign(globalThis, globals)
  instance = create([])
  return instance
}

async function importDawn(): Promise<typeof Dawn> {
  try {
    return await import('webgpu')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
      throw new ComputeFailure('none', 'The optional package "webgpu" is not installed.')
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new ComputeFailure('none', `The optional package "webgpu" does not run on this machine: ${reason}`)
  }
}
