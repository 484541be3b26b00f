import fs from 'node:fs'
import { FileProblem } from '../contract/problems.ts'
import { fileProblem } from './failures.ts'
import type { FileIdentity } from './types.ts'

/** Looks at a file, through links, without opening it: a pipe or a device is refused before it can block. Throws FileProblem. */
export function identify(path: string): FileIdentity {
  try {
    return identityOf(path, fs.statSync(path, { bigint: true }))
  } catch (error) {
    throw error instanceof FileProblem ? error : statProblem(error, path)
  }
}

/** From what stat or fstat said. Throws FileProblem for anything but a regular file. */
export function identityOf(path: string, stat: fs.BigIntStats): FileIdentity {
  if (!stat.isFile()) throw new FileProblem('FILE_NOT_REGULAR', 'not a regular file', path)
  return {
    path,
    size: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    device: String(stat.dev),
    inode: String(stat.ino),
  }
}

/** A failed stat as a problem. A link that leads nowhere looks like a missing file until the link itself is asked. */
export function statProblem(error: unknown, path: string): FileProblem {
  const problem = fileProblem(error, path)
  const isBroken =
    problem.code === 'FILE_NOT_FOUND' && fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
  return isBroken ? new FileProblem('FILE_LINK_BROKEN', 'the link points to nothing', path) : problem
}
