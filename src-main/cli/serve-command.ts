import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { openEngineHost } from '../engine/host/host.ts'
import { packageRoot, packageVersion } from '../engine/package-root.ts'
import { defaultLibraryPath } from '../library/default-path.ts'
import { ServedComputePage } from '../serve/compute-page.ts'
import { servedDevice } from '../serve/served-device.ts'
import { startServer } from '../serve/server.ts'
import { EXIT } from './exit-codes.ts'
import { openBrowser } from './open-browser.ts'
import type { CommonOptions } from './session.ts'

interface ServeOptions extends CommonOptions {
  readonly address: string
  readonly port: number
  readonly open?: boolean
}

const LARGEST_PORT = 65_535

/** `heirloom serve [FOLDER...]`. */
export function serveCommand(finish: (code: number) => void): Command {
  return new Command('serve')
    .summary('the application as a page for the browser')
    .description(
      'Serves the application to a browser on this machine, for machines where the desktop application cannot run. Prints the address to open; only who has it gets in. Ctrl-C ends it.',
    )
    .argument('[folder...]', 'folders with models, to open and scan at once')
    .option('--address <ip>', 'listen at this address of the machine', ipAddress, '127.0.0.1')
    .option('--port <number>', 'listen at this port (by default a free one)', portNumber, 0)
    .option('--open', 'open the page in the browser of this machine')
    .action(async (folders: string[], _: unknown, command: Command) => {
      await serve(folders, command.optsWithGlobals<ServeOptions>())
      finish(EXIT.done)
    })
}

async function serve(folders: readonly string[], options: ServeOptions): Promise<void> {
  const computePage = new ServedComputePage()
  const host = openEngineHost({
    version: packageVersion(),
    library: resolve(options.library ?? defaultLibraryPath()),
    openDevice: servedDevice(computePage),
  })
  try {
    for (const path of folders) {
      const { id } = await host.grant(path)
      await host.request('settings.set', { settings: { openFolder: id } })
      await host.request('scan.start', { folder: id })
    }
    const server = await startServer({
      host,
      computePage,
      pages: join(packageRoot(), 'out', 'renderer'),
      address: options.address,
      port: options.port,
      onBug: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
    })
    if (!options.quiet) process.stderr.write(note(options.address))
    process.stdout.write(`${server.url}\n`)
    if (options.open) openBrowser(server.url)
    await interrupted()
    await server.close()
  } finally {
    await host.close()
  }
}

function note(address: string): string {
  if (address === '::1' || address.startsWith('127.'))
    return 'Heirloom is at this address of this machine; Ctrl-C ends it.\n'
  return 'Whoever can reach this machine and knows this address can use Heirloom, unencrypted; Ctrl-C ends it.\n'
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

function ipAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('It must be an address like 127.0.0.1 or ::1.')
  return text
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > LARGEST_PORT) throw new InvalidArgumentError('It must be 0 to 65535.')
  return Number(text)
}
