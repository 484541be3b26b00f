import type { ProblemCode } from '../contract/problems.ts'
import type { FileIdentity, FoundModel, ModelLayout } from '../files/types.ts'
import type { TensorFingerprint } from '../fingerprint/types.ts'

/** Everything the library keeps about one model. */
export interface StoredModel {
  /** Absolute path of the folder, or of the file for a bare model. One model per location. */
  readonly location: string
  readonly kind: FoundModel['kind']
  readonly layout: ModelLayout
  /** The files that were read, as they were then. */
  readonly files: readonly FileIdentity[]
  /** Sum of the sizes of the weight files. */
  readonly bytes: number
  /** See identity.ts. */
  readonly contentHash: string
  readonly tensors: readonly TensorFingerprint[]
  /** When the files were read: ISO 8601 in UTC. */
  readonly measuredAt: string
}

/** A stored model without its tensors: what a list shows. */
export interface ModelSummary extends Omit<StoredModel, 'files' | 'tensors'> {
  /** Number of tensors. */
  readonly tensors: number
}

/** A permanent problem: these files were read once and will give the same answer until they change. */
export interface StoredProblem {
  /** As in StoredModel. */
  readonly location: string
  readonly files: readonly FileIdentity[]
  readonly code: ProblemCode
  readonly message: string
  /** Absolute path of the file at fault. */
  readonly path: string
  /** Byte offset in that file, where the fault is one place. */
  readonly offset: number | undefined
}

/** What the library knows about some files at one location. */
export type Lookup =
  /** Exactly these files were measured by this fingerprint version: `load` has the rest. */
  | { readonly state: 'measured' }
  /** Exactly these files were found bad for good. */
  | { readonly state: 'problem'; readonly problem: StoredProblem }
  /** Never read, read by another fingerprint version, or changed since. */
  | { readonly state: 'unknown' }

export interface LibraryStats {
  /** Absolute path of the library file. */
  readonly path: string
  readonly schemaVersion: number
  readonly fingerprintVersion: number
  readonly models: number
  /** Remembered problems. */
  readonly problems: number
  readonly tensors: number
  /** Sum of the sizes of the weight files of all models, in bytes. */
  readonly bytesOfWeights: number
  /** Size of the library on disk in bytes, its write-ahead log included. */
  readonly fileSize: number
}

/**
 * The fingerprints of all models ever read on this machine. Every call is synchronous and is one transaction: it is done
 * as a whole or not at all, also when the process is killed. Only fingerprints of FINGERPRINT_VERSION are ever returned.
 * Every call throws LibraryProblem where the file cannot be used.
 */
export interface Library {
  /** Whether exactly these files (path, size, time, device, inode) need to be read again. Their order does not matter. */
  lookup(location: string, files: readonly FileIdentity[]): Lookup
  /**
   * Keeps a model in place of whatever was known about its location.
   * @throws RangeError if `contentHash` is not that of the tensors
   */
  save(model: StoredModel): void
  /**
   * Remembers a permanent problem in place of whatever was known about its location.
   * @throws RangeError if the problem is not permanent
   */
  saveProblem(problem: StoredProblem): void
  /** The model, bit for bit as it was saved; undefined if there is none, or if its rows were damaged (then it is dropped). */
  load(location: string): StoredModel | undefined
  /** All models, sorted by location. */
  list(): readonly ModelSummary[]
  /** Drops what is known about a location and about everything below it; the number of locations dropped. */
  forget(location: string): number
  /** Drops everything that was derived from files and shrinks the library; the number of locations dropped. Settings stay. */
  clear(): number
  stats(): LibraryStats
  close(): void
}
