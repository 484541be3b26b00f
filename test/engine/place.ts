import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type MeasurePool, openPool } from '../../src-main/engine/pool.ts'
import { scan, type ScanResult } from '../../src-main/engine/scan.ts'
import { openLibrary } from '../../src-main/library/open.ts'
import type { Library } from '../../src-main/library/types.ts'

export interface Place {
  /** Temporary; deleted when the test file ends. */
  readonly folder: string
  readonly library: Library
  /** Scans a folder into the library, by one thread unless told otherwise. */
  scan(folder: string, pool?: () => MeasurePool | Promise<MeasurePool>): Promise<ScanResult>
}

/** A temporary folder with an open library. */
export function openPlace(): Place {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'heirloom-engine-')))
  const library = openLibrary(join(folder, 'library.db'))
  afterAll(() => {
    library.close()
    fs.rmSync(folder, { recursive: true })
  })
  return {
    folder,
    library,
    scan: (models, pool = () => openPool(1)) => scan({ folders: [models], library, openPool: pool }),
  }
}

/** A pool of one thread with another way to measure. */
export function poolThat(
  measure: (pool: MeasurePool, ...jobs: Parameters<MeasurePool['measure']>) => ReturnType<MeasurePool['measure']>,
) {
  return (): MeasurePool => {
    const pool = openPool(1)
    return { ...pool, measure: (jobs) => measure(pool, jobs) }
  }
}
