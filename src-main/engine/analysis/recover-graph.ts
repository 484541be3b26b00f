import { createHash } from 'node:crypto'
import type { Graph } from '../../contract/graph.ts'
import type { FoundModel } from '../../files/types.ts'
import type { PairEngine } from '../../fingerprint/pairs.ts'
import type { StoredModel } from '../../library/types.ts'
import { recoverFromFingerprints } from '../fingerprint-recovery.ts'
import { buildGraph } from '../graph.ts'
import { loadModels } from '../load-models.ts'
import { RECOVERY_VERSION } from '../recovery-version.ts'
import type { ScanProblem } from '../discover.ts'

export interface RecoverTask {
  /** Absolute path. */
  readonly folder: string
  readonly models: readonly FoundModel[]
  readonly problems: readonly ScanProblem[]
  /** False while more models are to come: adapters are then left for later, because files may be read again for them. */
  readonly final: boolean
}

export interface RecoveredGraph {
  readonly graph: Graph
  /** See graphInputs. */
  readonly inputs: string
  /** True where the library lost rows of some models: reading those once more mends it. */
  readonly incomplete: boolean
}

/** The graph of the models of one folder, from the library. */
export async function recoverGraph(
  { folder, models: found, problems, final }: RecoverTask,
  load: (location: string) => StoredModel | undefined,
  pairs: PairEngine | null,
): Promise<RecoveredGraph> {
  const models = loadModels(found, load)
  const { recovery, problem } = await recoverFromFingerprints(models, final ? found : null, undefined, undefined, pairs)
  const graph = buildGraph(folder, { problems: problem ? [...problems, problem] : problems }, models, recovery)
  return { graph, inputs: graphInputs([...models.values()]), incomplete: models.size < found.length }
}

/** Equal for models that give the same graph: a hash over what was read, when, and the version of the method. */
export function graphInputs(
  models: readonly Pick<StoredModel, 'location' | 'kind' | 'contentHash' | 'measuredAt'>[],
): string {
  const lines = models.map(({ location, kind, contentHash, measuredAt }) =>
    JSON.stringify([location, kind, contentHash, measuredAt]),
  )
  return createHash('sha256')
    .update([`recovery ${RECOVERY_VERSION}`, ...lines.sort()].join('\n'))
    .digest('hex')
}
