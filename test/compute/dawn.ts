import { readdirSync, readFileSync } from 'node:fs'
import { create, globals } from 'webgpu'
import { openComputeEngine } from '../../src-renderer/compute/engine.ts'
import type { ComputeEngine, ShaderSources } from '../../src-renderer/compute/types.ts'

const KERNELS = new URL('../../src-renderer/compute/kernels/', import.meta.url)

export const shaders: ShaderSources = Object.fromEntries(
  readdirSync(KERNELS)
    .filter((name) => name.endsWith('.wgsl'))
    .map((name) => [name.slice(0, -'.wgsl'.length), readFileSync(new URL(name, KERNELS), 'utf8')]),
)

Object.assign(globalThis, globals)
/** Kept: Dawn ends with it. */
export const gpu = create([])

export const openDawn = (): Promise<ComputeEngine> => openComputeEngine(gpu, shaders, true)

/** A graphics card, or Vulkan in software. */
export const adapter = await gpu.requestAdapter()
export const hasAdapter = adapter !== null
