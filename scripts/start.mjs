// Opens the desktop application; where Electron cannot run, serves the same page for the browser instead.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale, root } from './build-if-stale.mjs'

/** An application that ends with a failure so soon, in milliseconds, never came up. */
const NEVER_CAME_UP = 5000

buildIfStale()
const electron = join(root, 'node_modules', 'electron')
const reason = openDesktop()
if (reason !== null) {
  process.stderr.write(`${reason}: Heirloom is served in the browser instead.\n`)
  const open = process.stdout.isTTY ? ['--open'] : []
  process.argv.splice(2, Infinity, 'serve', ...open, ...process.argv.slice(2))
  await import('../out/main/cli.js')
}

/** Ends with the application; says why it could not run, or null where it did. */
function openDesktop() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'There is no screen'
  if (!existsSync(program()) && !download()) return 'Electron could not be downloaded'
  const started = performance.now()
  const { status } = spawnSync(program(), [root, ...process.argv.slice(2)], { stdio: 'inherit' })
  if (status !== 0 && performance.now() - started < NEVER_CAME_UP) return 'Electron does not run on this machine'
  process.exitCode = status ?? 1
  return null
}

/** Electron comes without its binary and fetches it when it is first wanted, by its own script. */
function download() {
  process.stderr.write('Downloading Electron (once)…\n')
  const { status } = spawnSync(process.execPath, [join(electron, 'install.js')], { stdio: 'ignore' })
  return status === 0 && existsSync(program())
}

/** Where its binary is, or would be. */
function program() {
  const name = join(electron, 'path.txt')
  return existsSync(name) ? join(electron, 'dist', readFileSync(name, 'utf8')) : join(electron, 'dist', 'electron')
}
