import { join } from 'node:path'
import { FileProblem } from '../contract/problems.ts'
import { openFile } from '../files/open.ts'
import { CLAIM_FILES, type ClaimFile } from './files.ts'
import { ClaimFault, type Metadata, type Said } from './types.ts'

/**
 * What the files beside the weights of a model say about its ancestry. Never throws for what is in them: a file that
 * cannot be read or understood is among the problems, and one that is not there says nothing.
 *
 * @param folder absolute path of the folder of the model
 */
export function readMetadata(folder: string): Metadata {
  const problems: FileProblem[] = []
  const said = CLAIM_FILES.flatMap((file) => {
    const path = join(folder, file.name)
    try {
      return [{ file, ...readClaimFile(file, path) }]
    } catch (error) {
      if (error instanceof ClaimFault) problems.push(new FileProblem(error.code, error.message, path))
      else if (!(error instanceof FileProblem)) throw error
      else if (error.code !== 'FILE_NOT_FOUND') problems.push(error)
      return []
    }
  })
  return {
    statements: said.flatMap(({ file, names, relation }) =>
      names.map((name) => ({ source: file.source, file: file.name, names: name, relation })),
    ),
    licence: said.find(({ licence }) => licence !== null)?.licence ?? null,
    problems,
  }
}

function readClaimFile({ limit, whole, read }: ClaimFile, path: string): Said {
  const file = openFile(path)
  try {
    if (whole && file.size > limit) throw new ClaimFault('CLAIM_TOO_LARGE', `larger than ${limit} bytes`)
    return read(file.read(0, Math.min(file.size, limit)))
  } finally {
    file.close()
  }
}
