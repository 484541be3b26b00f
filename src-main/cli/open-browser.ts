import { spawn } from 'node:child_process'

/** Opens an address in the browser of this machine; does nothing where there is no screen or no browser. */
export function openBrowser(url: string): void {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return
  const [program, ...args] = openers[process.platform] ?? ['xdg-open']
  const child = spawn(program!, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}

const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  // Not through a shell: the address holds characters that one would take for its own.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}
