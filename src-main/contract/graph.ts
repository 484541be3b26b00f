/** The result of a recovery, as it is printed, exported and shown: schema `heirloom/graph@1` (docs/graph-json.md). */
export const GRAPH_SCHEMA = 'heirloom/graph@1'

/** How a child came from its parent, told by a physical test of the weights. */
export type RelationType =
  | 'copy'
  | 'renamed'
  | 'cast'
  | 'quantized'
  | 'pruned'
  | 'resized'
  | 'layers-dropped'
  | 'merge'
  | 'lora'
  | 'fine-tune'
  | 'continued'
  | 'adapter'

/** Bootstrap replicates behind every share of support. */
export const REPLICATES = 400

export type ModelKind = 'model' | 'adapter' | 'ghost'

export interface GraphModel {
  /** Unique in the graph and the same in every run: the path of a model, `ghost-N` for a ghost. */
  readonly id: string
  /** Relative to the folder that was asked for, with `/` between parts; `.` for that folder itself. */
  readonly path: string
  readonly kind: ModelKind
  /** `family-N`, largest family first; null where no relative was found. */
  readonly family: string | null
  /** True for the model that its family descends from, where the direction is known. */
  readonly root: boolean
  /** The dtype that holds most of the bytes, as its file names it. */
  readonly dtype: string
  /** Number of elements in all tensors. */
  readonly parameters: number
  readonly tensors: number
  /** Size of the weight files in bytes. */
  readonly bytes: number
  /** SHA-256 (hex) over the content hashes of the tensors: equal for equal weights, whatever their names or files. */
  readonly contentHash: string
}

export interface Relation {
  readonly parent: string
  readonly child: string
  readonly type: RelationType
  /** False where the weights do not show which of the two came first. */
  readonly directed: boolean
  /** How sure the link is, 0 to 1: its probability against all others that could take its place (docs/heritage.md, section 8). */
  readonly support: number
  /** Probability that the link points this way, 0 to 1; null where direction is undefined (equal weights). */
  readonly directionSupport: number | null
  /** Share of this parent in a merge, else null. */
  readonly weight: number | null
  /** The same in each layer of the stack, from the first, null where a layer does not show it; absent where not known by layer. */
  readonly layerWeights?: readonly (number | null)[]
  /** LoRA: largest numerical rank of the difference over the changed matrices; adapter: of its updates; else null. */
  readonly rank: number | null
  /** ‖child − parent‖ / ‖parent‖ over the compared tensors, at least 0; estimated where one of the two is a ghost. */
  readonly relativeChange: number
  /** Cosine of the centred weights, -1 to 1. */
  readonly cosine: number
  /** One plain sentence: why the relation is there. How sure it is, support and directionSupport say. */
  readonly reason: string
}

/**
 * same-run: checkpoints of one training; same-initialisation: trained apart from one random start, which is no descent.
 */
export type VerdictKind = 'same-run' | 'same-initialisation'

/** What the weights say of several models together, beside the links. */
export interface Verdict {
  readonly kind: VerdictKind
  /** Ids: in the order of the run, else sorted. */
  readonly models: readonly string[]
  /** One plain sentence. */
  readonly reason: string
}

export interface Graph {
  readonly schema: typeof GRAPH_SCHEMA
  /** Sorted by path. */
  readonly models: readonly GraphModel[]
  /** Sorted by child, then parent. */
  readonly relations: readonly Relation[]
  /** Sorted by kind, then by their models. */
  readonly verdicts: readonly Verdict[]
  readonly problems: readonly Problem[]
}

/** One thing that went wrong with one file; it never stops the rest. */
export interface Problem {
  /** Relative to the folder that was asked for. */
  readonly path: string
  /** Stable: see problems.ts. */
  readonly code: string
  readonly message: string
  /** Where in the file, in bytes, if it is one place. */
  readonly offset?: number
}
