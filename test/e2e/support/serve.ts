import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const CLI = join(import.meta.dirname, '../../../out/main/cli.js')

/** A home of its own for one test: folders of models, a library, and `heirloom serve` as a user starts it. */
export class Place {
  /** Where the dialog that lists folders begins. */
  readonly home = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'heirloom-e2e-')))
  readonly library = join(this.home, '.library', 'library.db')
  #server: ChildProcess | null = null

  /** A folder in the home, made where it is not there. */
  folder(name: string): string {
    const path = join(this.home, name)
    fs.mkdirSync(path, { recursive: true })
    return path
  }

  /** Starts the built command line; the address that it prints. */
  async serve(folders: readonly string[] = [], options: readonly string[] = []): Promise<string> {
    const args = [CLI, '--library', this.library, '--quiet', 'serve', ...options, ...folders]
    this.#server = spawn(process.execPath, args, {
      env: { ...process.env, HOME: this.home, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [address] = (await once(createInterface(this.#server.stdout!), 'line')) as [string]
    return address
  }

  /** Ends the server in order, or as a crash does. */
  async stop(signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    const server = this.#server
    this.#server = null
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }

  async leave(): Promise<void> {
    await this.stop()
    fs.rmSync(this.home, { recursive: true, force: true })
  }
}
