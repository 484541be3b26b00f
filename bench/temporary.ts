import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder that is deleted when the process ends, also by Ctrl-C. Set TMPDIR to choose the disk. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'heirloom-bench-'))
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
  process.once('SIGINT', () => process.exit(130))
  return folder
}
