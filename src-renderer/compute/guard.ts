import { reasonOf } from './device.ts'
import { ComputeFailure } from './types.ts'

/**
 * Runs what asks something of the device, and waits for it.
 * @throws ComputeFailure for whatever the device says against it
 */
export async function guarded<T>(device: GPUDevice, work: () => T | Promise<T>): Promise<T> {
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  const result = attempt(work)
  const [memory, refusal] = await Promise.all([device.popErrorScope(), device.popErrorScope()])
  if (memory) throw new ComputeFailure('out-of-memory', 'The graphics card has not enough free memory.')
  if (refusal) throw new ComputeFailure('refused', `The graphics card refused the work: ${refusal.message}`)
  try {
    return await result
  } catch (error) {
    if (error instanceof ComputeFailure) throw error
    throw new ComputeFailure('lost', `The graphics card was lost: ${reasonOf(error)}`)
  }
}

function attempt<T>(work: () => T | Promise<T>): Promise<T> {
  const result = new Promise<T>((resolve) => resolve(work()))
  // Looked at later: until then a failure is not unhandled.
  result.catch(() => {})
  return result
}
