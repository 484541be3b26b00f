import { ComputeFailure, type ComputeEngine, type ShaderSources } from './types.ts'

/**
 * Opens the fastest adapter and prepares the kernels.
 * @param allowSoftware takes an adapter that computes on the processor too: for tests
 * @throws ComputeFailure where there is none, or it cannot do what the kernels need
 */
export function openComputeEngine(_gpu: GPU, _shaders: ShaderSources, _allowSoftware = false): Promise<ComputeEngine> {
  return Promise.reject(new ComputeFailure('none', 'The compute shaders are not written yet.'))
}
