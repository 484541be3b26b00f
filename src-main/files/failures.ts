import { FileProblem, type ProblemCode } from '../contract/problems.ts'

const FILE_CODES: Readonly<Record<string, ProblemCode>> = {
  EACCES: 'FILE_UNREADABLE',
  EPERM: 'FILE_UNREADABLE',
  ENOENT: 'FILE_NOT_FOUND',
  ENOTDIR: 'FILE_NOT_FOUND',
  ELOOP: 'FILE_LINK_LOOP',
  EISDIR: 'FILE_NOT_REGULAR',
  ENAMETOOLONG: 'FILE_PATH_TOO_LONG',
  ENXIO: 'FILE_DEVICE_GONE',
  ENODEV: 'FILE_DEVICE_GONE',
  ESTALE: 'FILE_DEVICE_GONE',
  ENOTCONN: 'FILE_DEVICE_GONE',
  EHOSTDOWN: 'FILE_DEVICE_GONE',
}

const FOLDER_CODES: Readonly<Record<string, ProblemCode>> = {
  EACCES: 'FOLDER_UNREADABLE',
  EPERM: 'FOLDER_UNREADABLE',
  ENOENT: 'FOLDER_NOT_FOUND',
  ENOTDIR: 'FOLDER_NOT_FOUND',
}

/** A failed call on a file as a problem with a code; what is no error of the operating system is a bug and is thrown on. */
export function fileProblem(error: unknown, path: string, offset?: number): FileProblem {
  const errno = errnoOf(error)
  if (isUndecodable(errno, path)) return nameProblem(path)
  return new FileProblem(FILE_CODES[errno] ?? 'FILE_READ_FAILED', `cannot read the file (${errno})`, path, offset)
}

/** The same for a folder. */
export function folderProblem(error: unknown, path: string): FileProblem {
  const errno = errnoOf(error)
  if (isUndecodable(errno, path)) return nameProblem(path)
  return new FileProblem(FOLDER_CODES[errno] ?? 'FOLDER_READ_FAILED', `cannot read the folder (${errno})`, path)
}

/** Node decodes names as UTF-8: one that is not comes with U+FFFD in it and cannot be found under that name. */
function isUndecodable(errno: string, path: string): boolean {
  return errno === 'ENOENT' && path.includes('\ufffd')
}

function nameProblem(path: string): FileProblem {
  return new FileProblem('FILE_NAME_NOT_UTF8', 'the name is not valid UTF-8', path)
}

/** The name of an operating system error, such as ENOENT; throws anything else on. */
function errnoOf(error: unknown): string {
  if (error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string') {
    return error.code
  }
  throw error
}
