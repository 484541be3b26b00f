// Builds when the build is missing or older than the sources.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

// The first is the one that the build writes last; the kernels stay as they are when their own sources did not change.
const built = [
  'out/renderer/ui/index.html',
  'out/renderer/compute/page/index.html',
  'out/main/cli.js',
  'out/main/app.js',
  'out/kernels/fingerprint.wasm',
]
const sources = ['src-main', 'src-renderer', 'scripts', 'electron.vite.config.ts', 'package.json']

export function buildIfStale() {
  if (!isStale()) return
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

function isStale() {
  const files = built.map((file) => join(root, file))
  if (!files.every((file) => existsSync(file))) return true
  const finished = statSync(files[0]).mtimeMs
  return sources.some((path) => newest(join(root, path)) > finished)
}

function newest(path) {
  const stat = statSync(path)
  return stat.isDirectory() ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name)))) : stat.mtimeMs
}
