import { createHash } from 'node:crypto'
import type { FileIdentity } from '../files/types.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/**
 * SHA-256 (hex) over the sorted lines `DTYPE [D1,D2,…] HASH` of all tensors, each ended by a line feed: equal for equal
 * weights whatever their names, their order and the files that they are spread over.
 */
export function contentHash(tensors: readonly Pick<TensorFingerprint, 'dtype' | 'shape' | 'hash'>[]): string {
  const lines = tensors.map(
    ({ dtype, shape, hash }) => `${dtype} [${shape.join()}] ${Buffer.from(hash).toString('hex')}\n`,
  )
  return createHash('sha256').update(lines.sort().join('')).digest('hex')
}

/** Whether both lists name the same files in the same state, in any order. */
export function sameFiles(one: readonly FileIdentity[], other: readonly FileIdentity[]): boolean {
  return identityText(one) === identityText(other)
}

function identityText(files: readonly FileIdentity[]): string {
  const lines = files.map(({ path, size, mtimeNs, device, inode }) =>
    JSON.stringify([path, size, mtimeNs, device, inode]),
  )
  return lines.sort().join('\n')
}
