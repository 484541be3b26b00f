// Runs the built command line; builds first when the build is missing or older than the sources.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const built = ['out/main/cli.js', 'out/main/measure-worker.js', 'out/kernels/fingerprint.wasm'].map((file) =>
  join(root, file),
)
const sources = ['src-main', 'src-renderer', 'scripts', 'electron.vite.config.ts', 'package.json'].map((path) =>
  join(root, path),
)

function newest(path) {
  const stat = statSync(path)
  return stat.isDirectory() ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name)))) : stat.mtimeMs
}

function isStale() {
  if (!built.every((file) => existsSync(file))) return true
  // The build writes this one last; the kernels stay as they are when their own sources did not change.
  const finished = statSync(built[0]).mtimeMs
  return sources.some((path) => newest(path) > finished)
}

if (isStale()) {
  process.stderr.write('Building Heirloom (once)…\n')
  try {
    execFileSync('npm', ['run', '-s', 'build'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
  } catch (error) {
    process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}The build failed.\n`)
    process.exit(1)
  }
}
await import('../out/main/cli.js')
