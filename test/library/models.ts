import { createHash } from 'node:crypto'
import { contentHash } from '../../src-main/library/identity.ts'
import type { FileIdentity } from '../../src-main/files/types.ts'
import type { TensorFingerprint } from '../../src-main/fingerprint/types.ts'
import type { StoredModel, StoredProblem } from '../../src-main/library/types.ts'

/** A model with made-up numbers, the same for the same location. */
export function makeModel(location: string, tensorCount = 3): StoredModel {
  return withTensors(
    location,
    Array.from({ length: tensorCount }, (_, index) => makeTensor(`${location} ${index}`)),
  )
}

export function withTensors(location: string, tensors: readonly TensorFingerprint[]): StoredModel {
  return {
    location,
    kind: 'model',
    layout: 'folder',
    files: [makeFile(`${location}/model.safetensors`)],
    bytes: 1_000_000,
    contentHash: contentHash(tensors),
    tensors,
    measuredAt: '2026-01-02T03:04:05.678Z',
  }
}

/** Time and inode beyond 2^53, as real file systems have them. */
export function makeFile(path: string): FileIdentity {
  return { path, size: 1_000_000, mtimeNs: '1767323045678901234', device: '65024', inode: '18446744073709551615' }
}

export function makeProblem(location: string): StoredProblem {
  return {
    location,
    files: [makeFile(`${location}/model.safetensors`)],
    code: 'SAFETENSORS_DATA_INCOMPLETE',
    message: 'the last tensor ends beyond the file',
    path: `${location}/model.safetensors`,
    offset: 4096,
  }
}

export function makeTensor(name: string): TensorFingerprint {
  const noise = createHash('shake256', { outputLength: 64 * 64 * 4 })
    .update(name)
    .digest()
  const floats = Float32Array.from({ length: 64 * 64 }, (_, index) => noise.readInt32LE(index * 4) / 2 ** 20)
  return {
    name,
    block: -1,
    dtype: 'BF16',
    shape: [768, 768],
    hash: Uint8Array.from(noise.subarray(0, 32)),
    moments: {
      count: 589_824,
      nan: 0,
      infinite: 0,
      zeros: 3,
      min: -0.7,
      max: 0.9,
      mean: 1e-5 / 3,
      variance: 1 / 7,
      skewness: -1e-9,
      excessKurtosis: 0.1,
      l1: 12_345.678,
      sumSquares: 456.7,
      smallestNonZero: 5e-324,
      spacingSquares: 1.5e-7,
    },
    exponents: { first: -20, counts: [1, 0, 5, 2 ** 40] },
    sketch: floats,
    sample: Uint8Array.from(noise.subarray(0, 1024)),
    grid: null,
  }
}
