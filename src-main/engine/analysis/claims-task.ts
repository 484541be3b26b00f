import { compareClaims } from '../../claims/compare.ts'
import { readMetadata } from '../../claims/read.ts'
import type { FolderView } from '../../contract/folders.ts'
import type { Graph } from '../../contract/graph.ts'
import type { FoundModel } from '../../files/types.ts'
import type { ScanProblem } from '../discover.ts'

export interface ClaimsTask {
  readonly models: readonly FoundModel[]
  readonly graph: Graph
}

export interface ReadClaims {
  /** By model. */
  readonly claims: FolderView['claims']
  /** Files beside the weights that could not be read or understood. */
  readonly problems: readonly ScanProblem[]
}

/**
 * Reads what the files beside the weights say about ancestry, and sets it beside what the weights say. Of a bare file among
 * others nothing is read: what lies beside it need not be about it.
 */
export function claimsTask({ models, graph }: ClaimsTask): ReadClaims {
  const ofOneModel = models.filter(({ layout }) => layout !== 'bare')
  const said = new Map(ofOneModel.map(({ path, location }) => [path, readMetadata(location)]))
  const problems = [...said.values()].flatMap((metadata) =>
    metadata.problems.map(({ code, message, path, offset }) => ({ code, message, path, offset })),
  )
  return { claims: compareClaims(graph, said), problems }
}
