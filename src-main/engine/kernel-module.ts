import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileKernels, type KernelModule } from '../fingerprint/kernels/wasm.ts'
import { packageRoot } from './package-root.ts'

/** The compiled kernels, or null on a machine without WASM SIMD. Throws if the build is incomplete. */
export function loadKernelModule(): KernelModule | null {
  const file = join(packageRoot(), 'out', 'kernels', 'fingerprint.wasm')
  if (!existsSync(file)) {
    throw new Error('This installation is incomplete: out/kernels/fingerprint.wasm is missing. Run "npm run build".')
  }
  try {
    return compileKernels(readFileSync(file))
  } catch {
    return null
  }
}
