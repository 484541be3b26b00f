// Compiles the fingerprint kernels (AssemblyScript) to out/kernels/fingerprint.wasm, if a source is newer than it, and puts
// the shaders beside it.
import { copyFileSync, globSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const fingerprint = join(root, 'src-main/fingerprint')
const assembly = join(fingerprint, 'kernels/assembly')
const target = join(root, 'out/kernels/fingerprint.wasm')

const sources = readdirSync(assembly).map((name) => join(assembly, name))
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
const newest = Math.max(...[...sources, join(fingerprint, 'constants.ts'), fileURLToPath(import.meta.url)].map(changed))

if (changed(target) <= newest) {
  const { default: compiler } = await import('assemblyscript/asc')
  mkdirSync(dirname(target), { recursive: true })
  // Renamed when complete: tests may build and read at the same time.
  const unfinished = `${target}.${process.pid}`
  const { error, stderr } = await compiler.main([
    join(assembly, 'index.ts'),
    ...['--outFile', unfinished, '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads'],
    ...['--importMemory', '--noExportMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ])
  if (error) {
    console.error(stderr.toString())
    throw error
  }
  renameSync(unfinished, target)
  console.log('built out/kernels/fingerprint.wasm')
}

const shaders = join(root, 'src-renderer/compute/kernels')
for (const name of globSync('*.wgsl', { cwd: shaders })) {
  const copy = join(dirname(target), name)
  if (changed(copy) > changed(join(shaders, name))) continue
  copyFileSync(join(shaders, name), `${copy}.${process.pid}`)
  renameSync(`${copy}.${process.pid}`, copy)
}
