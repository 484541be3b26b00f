import fs from 'node:fs'
import { join } from 'node:path'
import { FileProblem } from '../contract/problems.ts'
import { folderProblem } from './failures.ts'
import { statProblem } from './identity.ts'
import { isWeightsOrIndex, PIPELINE_INDEX } from './layout.ts'

/** What the walk needs of one folder; everything else in it is forgotten while reading. */
export interface Listing {
  /** Names of weight files and indexes, sorted. */
  readonly files: readonly string[]
  /** Names of subfolders, links to folders included, sorted. */
  readonly folders: readonly string[]
  readonly isPipeline: boolean
  readonly problems: readonly FileProblem[]
}

/** Version control, lock files and memos of the Hugging Face cache, and bins: what lies there is no model, or deleted. */
const SKIPPED_FOLDERS = new Set(['.git', '.locks', '.no_exist', '.Trash', '.Trashes', '$RECYCLE.BIN'])

/** Lists one folder. Never throws: what cannot be read is among its problems. */
export function listFolder(path: string): Listing {
  const files: string[] = []
  const folders: string[] = []
  const problems: FileProblem[] = []
  let isPipeline = false
  try {
    for (const entry of entriesOf(path)) {
      const kind = kindOf(entry, path)
      if (kind instanceof FileProblem) problems.push(kind)
      else if (kind === 'folder') folders.push(entry.name)
      else if (kind === 'weights') files.push(entry.name)
      else if (entry.name === PIPELINE_INDEX) isPipeline = true
    }
  } catch (error) {
    problems.push(folderProblem(error, path))
  }
  return { files: files.sort(), folders: folders.sort(), isPipeline, problems }
}

function* entriesOf(path: string): Generator<fs.Dirent> {
  const folder = fs.opendirSync(path, { bufferSize: 1024 })
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry
  } finally {
    folder.closeSync()
  }
}

function kindOf(entry: fs.Dirent, folder: string): 'folder' | 'weights' | 'other' | FileProblem {
  const { name } = entry
  if (SKIPPED_FOLDERS.has(name) || name.startsWith('.Trash-')) return 'other'
  const link = entry.isSymbolicLink() ? followLink(join(folder, name)) : undefined
  if (link === 'folder' || entry.isDirectory()) return 'folder'
  // macOS leaves "._NAME" beside NAME on foreign drives: its own notes, under the name of a weight file.
  if (isWeightsOrIndex(name) && !name.startsWith('._')) return 'weights'
  // A broken link may have led to a folder of models; hidden ones are lock files of editors and browsers.
  return link === 'file' || link === undefined || name.startsWith('.') ? 'other' : link
}

function followLink(path: string): 'folder' | 'file' | FileProblem {
  try {
    return fs.statSync(path).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    return statProblem(error, path)
  }
}
