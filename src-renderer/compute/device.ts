import { LARGEST_BINDING, type Pipelines } from './batch.ts'
import { KERNELS, prelude, THREADS, type KernelName } from './layout.ts'
import { ComputeFailure, type AdapterReport, type ShaderSources } from './types.ts'

/** Storage buffers that the kernels see at once. */
const BINDINGS = 5

/**
 * The fastest adapter.
 * @throws ComputeFailure where there is none, or it computes on the processor and that is not wanted
 */
export async function openAdapter(gpu: GPU, allowSoftware: boolean): Promise<[GPUAdapter, AdapterReport]> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new ComputeFailure('none', 'No graphics card was found that WebGPU can use.')
  const report = describeAdapter(adapter.info)
  if (report.software && !allowSoftware) {
    throw new ComputeFailure('software', `${report.description} computes on the processor, which has faster kernels.`)
  }
  const { limits } = adapter
  const lacking = [
    limits.maxStorageBufferBindingSize < LARGEST_BINDING && 'buffers that are large enough',
    limits.maxStorageBuffersPerShaderStage < BINDINGS && 'enough buffers at once',
    limits.maxComputeInvocationsPerWorkgroup < THREADS && 'enough threads in a workgroup',
  ].filter((need) => need !== false)
  if (lacking.length > 0) {
    throw new ComputeFailure('limits', `${report.description} has not got ${lacking.join(', ')}.`)
  }
  return [adapter, report]
}

/** Names of adapters that compute on the processor and do not say so. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i

export function describeAdapter({
  vendor,
  architecture,
  device,
  description,
  isFallbackAdapter,
}: GPUAdapterInfo): AdapterReport {
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'An unnamed graphics card'
  const software = isFallbackAdapter || SOFTWARE.test([vendor, architecture, device, description].join(' '))
  return { vendor, architecture, description: name, software }
}

/** @throws ComputeFailure where the adapter gives no device */
export async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  try {
    return await adapter.requestDevice()
  } catch (error) {
    throw new ComputeFailure('refused', `The graphics card could not be opened: ${reasonOf(error)}`)
  }
}

/** @throws ComputeFailure where a kernel cannot be compiled */
export async function compilePipelines(device: GPUDevice, shaders: ShaderSources): Promise<Pipelines> {
  const types = ['read-only-storage', 'read-only-storage', 'read-only-storage', 'storage', 'storage'] as const
  const layout = device.createBindGroupLayout({
    entries: types.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
  })
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] })
  const head = prelude(textOf(shaders, 'common'))
  const compile = async (name: KernelName, index: number): Promise<[KernelName, GPUComputePipeline]> => {
    const module = device.createShaderModule({ label: name, code: `${head}\n${textOf(shaders, name)}` })
    const compute = { module, constants: { KERNEL: index } }
    return [name, await device.createComputePipelineAsync({ layout: pipelineLayout, compute })]
  }
  try {
    const compiled = await Promise.all(KERNELS.map(compile))
    return { layout, kernels: Object.fromEntries(compiled) as Record<KernelName, GPUComputePipeline> }
  } catch (error) {
    throw new ComputeFailure('refused', `The graphics card could not take the kernels: ${reasonOf(error)}`)
  }
}

function textOf(shaders: ShaderSources, name: string): string {
  const text = shaders[name]
  if (text === undefined) throw new Error(`The kernel ${name}.wgsl is missing.`)
  return text
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
