import type { Graph } from './graph.ts'
import type { ScanProgress } from './scan.ts'

/** What there is on the machine that the engine runs on. */
export interface HostDescription {
  readonly host: 'desktop' | 'browser'
  readonly version: string
  readonly library: LibraryDescription
  /** Threads that read and measure. */
  readonly threads: number
  /** Which of the requests that not every host answers this one does. */
  readonly can: {
    /** `folders.choose`: a dialog of the system. */
    readonly choose: boolean
    /** `folders.browse` and `folders.grant`: a list in the page. */
    readonly browse: boolean
    /** `folders.reveal`: show a file in the system's file manager. */
    readonly reveal: boolean
  }
}

export interface LibraryDescription {
  /** To show. */
  readonly path: string
  /** All but `ready` and `damaged-and-rebuilt` mean that there is none: folders cannot be scanned nor browsed. */
  readonly state: 'ready' | 'damaged-and-rebuilt' | 'locked' | 'newer' | 'foreign' | 'unavailable'
  /** What happened and what to do, plain sentences; empty while ready. */
  readonly message: string
  /** 0 where there is no library. Sizes in bytes. */
  readonly models: number
  readonly fileSize: number
}

/** A folder that the user has granted. */
export interface Folder {
  /** Opaque and stable: what every request names it by. */
  readonly id: string
  /** The last part of its path. */
  readonly name: string
  /** Absolute, to show; never sent back. */
  readonly path: string
  /** `missing`: its drive is not connected, or it was moved; what is known of it can still be browsed. */
  readonly state: 'available' | 'missing'
  /** When it was last scanned to the end: ISO 8601 in UTC; null if never. */
  readonly lastSeen: string | null
  readonly models: number
  readonly problems: number
  /** The sample family that comes with Heirloom. */
  readonly sample: boolean
  /** The scan that is running or paused, or the last one since the engine started. */
  readonly scan: ScanProgress | null
}

/** Folders on the machine of the engine, for choosing one. */
export interface FolderListing {
  /** Opaque, valid while the engine runs. */
  readonly folder: string
  readonly name: string
  /** To show. */
  readonly path: string
  /** Null at the top. */
  readonly parent: string | null
  /** Sorted by name; folders only, hidden ones left out. */
  readonly children: readonly { readonly folder: string; readonly name: string }[]
  /** True where there are more children than are listed. */
  readonly truncated: boolean
}

/** Everything that is known of one folder, whether or not its drive is there. */
export interface FolderView {
  readonly folder: string
  readonly graph: Graph
  /** True while a scan is not at its end: families and support may still change. */
  readonly provisional: boolean
  /** When the graph was recovered: ISO 8601 in UTC; null if it never was. */
  readonly recoveredAt: string | null
  /** By model id; ghosts have no entry. */
  readonly seen: Readonly<Record<string, Seen>>
  /** By model id; only models that say something. */
  readonly claims: Readonly<Record<string, ModelClaims>>
  /** As numbered in the graph. */
  readonly families: readonly FamilySummary[]
  /** Models that a scan has found and not yet read, in the order in which they will be. */
  readonly waiting: readonly WaitingModel[]
}

export interface Seen {
  /** When its files were read: ISO 8601 in UTC. */
  readonly lastSeen: string
  /** Whether they are there now. */
  readonly present: boolean
}

export interface WaitingModel {
  readonly path: string
  readonly bytes: number
}

export interface FamilySummary {
  /** `family-N`. */
  readonly id: string
  /** Of its root, or of its members where the direction is not known; the last part of a path. */
  readonly name: string
  /** Without ghosts. */
  readonly members: number
  readonly ghosts: number
  /** Sum over the members. */
  readonly bytes: number
  /** Steps from the root to the farthest descendant. */
  readonly depth: number
}

/** What the metadata of one model says about its ancestry, beside what the weights say. */
export interface ModelClaims {
  /** Over all claims: `contradicts` if one does, else `agrees` if one does. */
  readonly verdict: ClaimVerdict
  readonly claims: readonly Claim[]
  /** As its card names it; null where it does not. */
  readonly licence: string | null
}

/** `silent`: it names a model that is not in this folder, or the weights say nothing about the pair. */
export type ClaimVerdict = 'agrees' | 'contradicts' | 'silent'

export interface Claim {
  /** Where it was read. */
  readonly source: 'model-card' | 'config' | 'adapter-config' | 'merge-config' | 'weights-metadata'
  /** Relative to the folder. */
  readonly file: string
  /** The parent, as it is written there. */
  readonly names: string
  /** The model in this graph that it is taken to mean; null if none. */
  readonly parent: string | null
  readonly verdict: ClaimVerdict
  /** One plain sentence. */
  readonly sentence: string
}
