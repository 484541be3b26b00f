import { FileProblem } from '../../src-main/contract/problems.ts'
import { type OpenFile, openFile } from '../../src-main/files/open.ts'
import type { FoundModel } from '../../src-main/files/types.ts'
import { findModels } from '../../src-main/files/walk.ts'
import { readModel } from '../../src-main/formats/safetensors/model.ts'
import type { TensorEntry } from '../../src-main/formats/types.ts'

export interface Scanned {
  readonly models: ReadonlyMap<string, readonly TensorEntry[]>
  readonly problems: readonly FileProblem[]
}

/** Walks a folder and reads the headers of every model in it, as a scan does. */
export function scan(root: string): Scanned {
  const models = new Map<string, readonly TensorEntry[]>()
  const problems: FileProblem[] = []
  for (const found of findModels(root)) {
    if (found instanceof FileProblem) {
      problems.push(found)
      continue
    }
    try {
      models.set(found.path, readTensors(found))
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error
      problems.push(error)
    }
  }
  return { models, problems }
}

/** Opens, reads and closes. */
export function readTensors(found: FoundModel): readonly TensorEntry[] {
  const opened: OpenFile[] = []
  try {
    return readModel(found, (path) => {
      const file = openFile(path)
      opened.push(file)
      return file
    })
  } finally {
    for (const file of opened) file.close()
  }
}
