/**
 * Every expected failure has a stable code. `permanent` ones lie in the file itself (reading it again gives the same
 * answer, so the answer may be kept); the others may pass (retry later).
 */
export interface ProblemKind {
  readonly permanent: boolean
  /** What a person can do about it, one sentence. */
  readonly remedy: string
}

const downloadAgain = 'The file is damaged or incomplete: download or copy it again.'
const saveAgain = 'The program that wrote the file made a mistake: save the model again with another one.'
const indexAgain = 'The index does not fit its files: download the whole folder again.'
const claimIgnored = 'The model is compared all the same; what this file says of its ancestry is left out.'
const reconnect = 'Check the drive or the network, then scan again.'
const permissions = 'Allow your user to read it, then scan again.'

const fileBad = (remedy: string) => ({ permanent: true, remedy })
const notRead = (remedy: string) => ({ permanent: false, remedy })

export const PROBLEM_KINDS = {
  FOLDER_NOT_FOUND: notRead('Check the path; if it is on a drive or a share, connect it.'),
  FOLDER_UNREADABLE: notRead(permissions),
  FOLDER_READ_FAILED: notRead(reconnect),

  FILE_NOT_FOUND: notRead('It was there a moment ago: scan again.'),
  FILE_UNREADABLE: notRead(permissions),
  FILE_READ_FAILED: notRead(reconnect),
  FILE_DEVICE_GONE: notRead('Connect the drive or the share again, then scan again.'),
  FILE_TRUNCATED: notRead('The file ended before its stated size: scan again when nothing writes to it.'),
  FILE_CHANGED: notRead('Scan again when nothing writes to the file.'),
  FILE_LINK_BROKEN: notRead('Restore what the link points to, or delete the link.'),
  FILE_LINK_LOOP: notRead('The link leads back to itself: delete it.'),
  FILE_NOT_REGULAR: notRead(
    'It is a pipe, a socket, a device or a folder, not a file with weights: move it elsewhere.',
  ),
  FILE_NAME_NOT_UTF8: notRead('Rename it so that its name is valid UTF-8.'),
  FILE_PATH_TOO_LONG: notRead('Move it to a folder with a shorter path.'),
  FILE_IS_LFS_POINTER: fileBad('Only a Git LFS pointer was downloaded: run "git lfs pull" in that folder.'),

  ENGINE_DIED: fileBad('The model is left out until its files change; please report it.'),
  READER_STOPPED: notRead('Scan again; if it happens again with this file, please report it.'),

  SAFETENSORS_HEADER_TOO_SMALL: fileBad(downloadAgain),
  SAFETENSORS_HEADER_TOO_LARGE: fileBad('It is not a safetensors file, or it is damaged: download it again.'),
  SAFETENSORS_HEADER_BEYOND_FILE: fileBad(downloadAgain),
  SAFETENSORS_HEADER_NOT_UTF8: fileBad(downloadAgain),
  SAFETENSORS_HEADER_NOT_JSON: fileBad(downloadAgain),
  SAFETENSORS_HEADER_TOO_DEEP: fileBad(saveAgain),
  SAFETENSORS_HEADER_NOT_OBJECT: fileBad(saveAgain),
  SAFETENSORS_METADATA_NOT_STRINGS: fileBad(saveAgain),
  SAFETENSORS_TENSOR_NOT_OBJECT: fileBad(saveAgain),
  SAFETENSORS_TENSOR_REPEATED: fileBad(saveAgain),
  SAFETENSORS_FIELD_REPEATED: fileBad(saveAgain),
  SAFETENSORS_FIELD_MISSING: fileBad(saveAgain),
  SAFETENSORS_DTYPE_INVALID: fileBad(saveAgain),
  SAFETENSORS_DTYPE_UNKNOWN: fileBad(
    'The file uses a number format that this version does not know: look for an update.',
  ),
  SAFETENSORS_SHAPE_INVALID: fileBad(saveAgain),
  SAFETENSORS_OFFSETS_INVALID: fileBad(saveAgain),
  SAFETENSORS_OFFSETS_REVERSED: fileBad(saveAgain),
  SAFETENSORS_OFFSETS_NOT_CONTIGUOUS: fileBad(saveAgain),
  SAFETENSORS_SIZE_OVERFLOW: fileBad(saveAgain),
  SAFETENSORS_SIZE_NOT_WHOLE_BYTES: fileBad(saveAgain),
  SAFETENSORS_SIZE_MISMATCH: fileBad(saveAgain),
  SAFETENSORS_DATA_INCOMPLETE: fileBad(downloadAgain),
  SAFETENSORS_DATA_TRAILING: fileBad(downloadAgain),

  INDEX_TOO_LARGE: fileBad(indexAgain),
  INDEX_NOT_UTF8: fileBad(indexAgain),
  INDEX_NOT_JSON: fileBad(indexAgain),
  INDEX_TOO_DEEP: fileBad(indexAgain),
  INDEX_WEIGHT_MAP_INVALID: fileBad(indexAgain),
  INDEX_TENSOR_REPEATED: fileBad(indexAgain),
  INDEX_SHARD_NAME_UNSAFE: fileBad(
    'The index points outside its folder: do not use this model unless you trust its source.',
  ),
  INDEX_SHARD_NAMES_ALIKE: fileBad(indexAgain),
  INDEX_SHARD_MISSING: fileBad('Download the missing file into the folder of the index.'),
  INDEX_TENSOR_MISSING: fileBad(indexAgain),

  CLAIM_TOO_LARGE: fileBad(claimIgnored),
  CLAIM_NOT_UTF8: fileBad(claimIgnored),
  CLAIM_NOT_JSON: fileBad(claimIgnored),
  CLAIM_NOT_YAML: fileBad(claimIgnored),
  CLAIM_TOO_DEEP: fileBad(claimIgnored),

  MODEL_EMPTY: fileBad('The model holds no tensor: there is nothing to compare.'),

  LIBRARY_DAMAGED: notRead('The damaged library was set aside and a new one is built: scan your folders again.'),
  LIBRARY_NEWER: notRead(
    'The library was written by a newer version of Heirloom: install that version, or choose another library.',
  ),
  LIBRARY_FOREIGN: notRead('The file belongs to another program: choose another place with --library.'),
  LIBRARY_UNAVAILABLE: notRead(
    'Check the permissions and the free space of its folder, or choose another with --library.',
  ),
  LIBRARY_LOCKED: notRead('Another Heirloom uses this library: close it, then try again.'),
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof PROBLEM_KINDS

/** An expected failure with one file. Thrown by readers, caught once by the scan and turned into one problem row. */
export class FileProblem extends Error {
  readonly code: ProblemCode
  /** Absolute path of the file, or the best known. */
  readonly path: string
  /** Byte offset in the file, where the fault is one place. */
  readonly offset: number | undefined

  constructor(code: ProblemCode, message: string, path: string, offset?: number) {
    super(message)
    this.name = 'FileProblem'
    this.code = code
    this.path = path
    this.offset = offset
  }

  get permanent(): boolean {
    return PROBLEM_KINDS[this.code].permanent
  }
}
