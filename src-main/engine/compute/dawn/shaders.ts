import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ComputeFailure, type ShaderSources } from '../../../../src-renderer/compute/types.ts'
import { packageRoot } from '../../package-root.ts'

/** The shaders, as built beside the kernels of the processor. @throws ComputeFailure if the build is incomplete */
export function loadShaders(): ShaderSources {
  const folder = join(packageRoot(), 'out', 'kernels')
  const files = globSync('*.wgsl', { cwd: folder })
  if (files.length === 0) {
    throw new ComputeFailure('none', 'This installation is incomplete: its shaders are missing. Run "npm run build".')
  }
  return Object.fromEntries(files.map((file) => [basename(file, '.wgsl'), readFileSync(join(folder, file), 'utf8')]))
}
