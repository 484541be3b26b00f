import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'
import type { EngineClient } from '../../src-main/contract/client.ts'
import { EngineError } from '../../src-main/contract/errors.ts'
import type { Folder, FolderView } from '../../src-main/contract/folders.ts'
import type { ScanProgress } from '../../src-main/contract/scan.ts'
import { openEngineHost, type EngineHost } from '../../src-main/engine/host/host.ts'
import type { EngineHostOptions } from '../../src-main/engine/host/options.ts'

/** One folder a model, as it is shipped. */
export const SAMPLE = fileURLToPath(new URL('../../resources/sample-family/models', import.meta.url))

const hosts: EngineHost[] = []
const folders: string[] = []

afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close()
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true })
})

/** Deleted after the test. */
export function temporaryFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'heirloom-host-')))
  folders.push(folder)
  return folder
}

/** An engine in this process, closed after the test. */
export function openHost(
  library = join(temporaryFolder(), 'library.db'),
  options: Partial<EngineHostOptions> = {},
): EngineHost {
  const host = openEngineHost({ version: 'test', library, ...options })
  hosts.push(host)
  return host
}

/** Scans a folder to its end; everything it told on the way. */
export async function scanFolder(host: EngineClient, folder: string): Promise<ScanProgress[]> {
  const told: ScanProgress[] = []
  const silence = host.on('scan.progress', (progress) => told.push(progress))
  const ended = until(host, ({ state }) => state === 'done' || state === 'failed' || state === 'cancelled')
  await host.request('scan.start', { folder })
  await ended
  silence()
  return told
}

/** The first progress that is as it should be. */
export function until(host: EngineClient, wanted: (progress: ScanProgress) => boolean): Promise<ScanProgress> {
  return new Promise((resolve) => {
    const silence = host.on('scan.progress', (progress) => {
      if (!wanted(progress)) return
      silence()
      resolve(progress)
    })
  })
}

export function view(host: EngineClient, { id }: Folder): Promise<FolderView> {
  return host.request('graph.get', { folder: id })
}

/** The code that a request fails with. */
export async function codeOf(request: Promise<unknown>): Promise<string> {
  try {
    await request
  } catch (error) {
    if (error instanceof EngineError) return error.code
    throw error
  }
  throw new Error('the request did not fail')
}
