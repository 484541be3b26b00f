import type { FolderView } from '../../contract/folders.ts'
import { GRAPH_SCHEMA, type Graph } from '../../contract/graph.ts'
import type { LibraryAccess } from './library-access.ts'
import type { ScanRecord } from './scan-record.ts'

/** What was recovered in a folder, as it is kept for the next time and for when the drive is away. */
export interface KeptGraph {
  readonly graph: Graph
  /** By model. */
  readonly claims: FolderView['claims']
  /** See graphInputs. */
  readonly inputs: string
  /** False where the scan was stopped before its end. */
  readonly complete: boolean
  readonly recoveredAt: string
}

export const EMPTY_GRAPH: Graph = { schema: GRAPH_SCHEMA, models: [], relations: [], verdicts: [], problems: [] }

/** The graphs of all folders. Those that were asked for stay in memory. */
export class FolderGraphs {
  readonly #library: LibraryAccess
  readonly #known = new Map<string, KeptGraph | null>()

  constructor(library: LibraryAccess) {
    this.#library = library
  }

  /** Null where nothing was recovered yet. */
  get(folder: string): KeptGraph | null {
    const known = this.#known.get(folder)
    if (known !== undefined) return known
    const stored = this.#library.get().folders.graph(folder)
    const kept = stored
      ? {
          ...stored,
          graph: JSON.parse(stored.graph) as Graph,
          claims: JSON.parse(stored.claims) as FolderView['claims'],
        }
      : null
    this.#known.set(folder, kept)
    return kept
  }

  keep(folder: string, kept: KeptGraph): void {
    this.#known.set(folder, kept)
    const { models, problems } = kept.graph
    this.#library.get().folders.saveGraph(folder, {
      ...kept,
      models: models.filter(({ kind }) => kind !== 'ghost').length,
      problems: problems.length,
      graph: JSON.stringify(kept.graph),
      claims: JSON.stringify(kept.claims),
    })
  }

  forget(folder: string): void {
    this.#known.delete(folder)
  }

  forgetAll(): void {
    this.#known.clear()
  }
}

/** The last graph, with the models that were read since and not compared yet, and the problems of this scan. */
export function graphSoFar(last: Graph, record: ScanRecord): Graph {
  const known = new Set(last.models.map(({ id }) => id))
  const added = record.unplaced().filter(({ id }) => !known.has(id))
  const models = [...last.models, ...added].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))
  return { ...last, models, problems: [...record.problems()] }
}
