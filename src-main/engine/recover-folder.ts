import { resolve } from 'node:path'
import type { Graph } from '../contract/graph.ts'
import type { PairEngine } from '../fingerprint/pairs.ts'
import type { RecoveryProgress } from '../heritage/recover.ts'
import type { MotherOptions } from '../heritage/mother/types.ts'
import { recoverFromFingerprints } from './fingerprint-recovery.ts'
import { buildGraph, pathsOf } from './graph.ts'
import { loadModels } from './load-models.ts'
import { explainPair, recoverFromPairs, type PairReading } from './mother.ts'
import { scan, type ScanRequest, type ScanResult } from './scan.ts'

export interface RecoveryRequest extends ScanRequest {
  readonly folders: readonly [string]
  /** Told now and then, once everything is read. */
  readonly onRecovery?: (progress: RecoveryProgress) => void
  /** A device that measures many pairs at once; without it the processor does. */
  readonly pairs?: PairEngine | null
}

export interface RecoveredFolder {
  readonly scan: ScanResult
  readonly graph: Graph
  /** Weights that our own method has read a second time, to place adapters. */
  readonly bytesReadAgain: number
  /** What the published method has read beside the scan; null where it was not asked for. */
  readonly reading: PairReading | null
}

/**
 * Scans one folder and recovers the families of the models in it.
 *
 * @param mother asks for the published method (docs/mother.md) instead of our own
 */
export async function recoverFolder(request: RecoveryRequest, mother?: MotherOptions): Promise<RecoveredFolder> {
  let result = await scan(request)
  let models = loadModels(result.models, request.library.loadLean)
  // Rows that turn out damaged are dropped by the library when they are loaded: reading those models once more mends it.
  if (models.size < result.models.length && !result.interrupted) {
    result = await scan(request)
    models = loadModels(result.models, request.library.loadLean)
  }
  const folder = resolve(request.folders[0])
  if (mother && !result.interrupted) {
    const byPath = new Map(result.models.map((found) => [found.path, found]))
    const compared = pathsOf(models, 'model').map((path) => byPath.get(path)!)
    const pairs = await recoverFromPairs(compared, mother, request.signal)
    if (pairs) {
      const recovery = { ...pairs.heritage, verdicts: [], explain: explainPair }
      return {
        scan: result,
        graph: buildGraph(folder, result, models, recovery),
        bytesReadAgain: 0,
        reading: pairs.reading,
      }
    }
    result = { ...result, interrupted: true }
  }
  const { recovery, bytesReadAgain, problem } = await recoverFromFingerprints(
    models,
    result.models,
    request.signal,
    request.onRecovery,
    request.pairs,
  )
  result = {
    ...result,
    problems: problem ? [...result.problems, problem] : result.problems,
    interrupted: result.interrupted || request.signal?.aborted === true,
  }
  return { scan: result, graph: buildGraph(folder, result, models, recovery), bytesReadAgain, reading: null }
}
