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

/** A folder that the user has opened. */
export interface StoredFolder {
  /** Opaque, chosen by the caller. */
  readonly id: string
  /** Absolute; one folder per path. */
  readonly path: string
  /** ISO 8601 in UTC, as are all times here. */
  readonly grantedAt: string
  /** When it was last scanned to the end; null if never. */
  readonly lastSeen: string | null
}

/** What was recovered in a folder. */
export interface StoredGraph {
  /** Equal for equal models, recovered by the same method: nothing has to be computed again. */
  readonly inputs: string
  readonly recoveredAt: string
  /** False where the scan was stopped before its end. */
  readonly complete: boolean
  readonly models: number
  readonly problems: number
  /** JSON. */
  readonly graph: string
  /** What metadata says beside it, by model: JSON. */
  readonly claims: string
}

/** Folders and their graphs, by id. */
export interface FolderStore {
  /** In the order in which they were granted. */
  list(): readonly StoredFolder[]
  /** Does nothing where the path is known. */
  add(folder: StoredFolder): void
  markSeen(id: string, when: string): void
  /** The graph goes with it; what was measured stays. */
  remove(id: string): void
  graph(id: string): StoredGraph | undefined
  /** How much each graph holds, by id of the folder. */
  counts(): ReadonlyMap<string, Pick<StoredGraph, 'models' | 'problems'>>
  /** In place of the one before; does nothing for a folder that is not there. */
  saveGraph(id: string, graph: StoredGraph): void
}

/** Texts of the user's by key. */
export interface SettingStore {
  get(key: string): string | undefined
  set(key: string, value: string): void
  remove(key: string): void
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
  /** Forgets the problem at a location, so that its files are read again; what was measured stays. */
  forgetProblem(location: string): void
  /** The model, bit for bit as it was saved; undefined if there is none, or if its rows were damaged (then it is dropped). */
  load(location: string): StoredModel | undefined
  /**
   * The same for work on many models at once: of the sketches and samples of all lean models only those used lately stay in
   * memory (2 GiB), the others are read again when they are looked at. That throws LibraryProblem LIBRARY_UNAVAILABLE where the library no
   * longer has them.
   */
  loadLean(location: string): StoredModel | undefined
  /** All models, sorted by location. */
  list(): readonly ModelSummary[]
  readonly folders: FolderStore
  readonly settings: SettingStore
  /**
   * Drops what is known about a location and about everything below it, and the graphs that it is in; the number of
   * locations dropped.
   */
  forget(location: string): number
  /** Drops everything that was derived from files and shrinks the library; the number of locations dropped. Settings and folders stay. */
  clear(): number
  stats(): LibraryStats
  close(): void
}
