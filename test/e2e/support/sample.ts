import fs from 'node:fs'
import { join } from 'node:path'
import type { Place } from './serve.ts'

const SAMPLE = join(import.meta.dirname, '../../../resources/sample-family/models')

/** A copy of the sample family in the home, so that it can be moved and broken. */
export function copySample(place: Place, name = 'models'): string {
  const folder = place.folder(name)
  fs.cpSync(SAMPLE, folder, { recursive: true })
  return folder
}
