/** What tells whether a file is still the one that was read. Times and inodes as decimal strings: they exceed 2^53. */
export interface FileIdentity {
  /** Absolute path. */
  readonly path: string
  /** In bytes. */
  readonly size: number
  readonly mtimeNs: string
  readonly device: string
  readonly inode: string
}

/** 'folder': model.safetensors in a folder · 'sharded': an index and its shards · 'bare': one file · 'pipeline': components in subfolders. */
export type ModelLayout = 'folder' | 'sharded' | 'bare' | 'pipeline'

export interface FoundModel {
  /** Absolute path of the folder, or of the file for a bare one. */
  readonly location: string
  /** Relative to the folder that was walked, `/` between parts, `.` for that folder itself. */
  readonly path: string
  readonly kind: 'model' | 'adapter'
  readonly layout: ModelLayout
  /** Weight files, and the index if there is one (it counts for identity); sorted by path. */
  readonly files: readonly FileIdentity[]
  /** Components of a pipeline: the prefix of tensor names for each file, "unet/"; empty otherwise. */
  readonly prefixes: ReadonlyMap<string, string>
}
