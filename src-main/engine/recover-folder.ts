import { resolve } from 'node:path'
import type { Graph } from '../contract/graph.ts'
import type { StoredModel } from '../library/types.ts'
import { buildGraph } from './graph.ts'
import { scan, type ScanRequest, type ScanResult } from './scan.ts'

export interface RecoveredFolder {
  readonly scan: ScanResult
  readonly graph: Graph
}

/** Scans one folder and recovers the families of the models in it. */
export async function recoverFolder(
  request: ScanRequest & { readonly folders: readonly [string] },
): Promise<RecoveredFolder> {
  let result = await scan(request)
  let models = loadModels(request, result)
  // Rows that turn out damaged are dropped by the library when they are loaded: reading those models once more mends it.
  if (models.size < result.models.length && !result.interrupted) {
    result = await scan(request)
    models = loadModels(request, result)
  }
  return { scan: result, graph: buildGraph(resolve(request.folders[0]), result, models) }
}

function loadModels({ library }: ScanRequest, { models }: ScanResult): Map<string, StoredModel> {
  return new Map(
    models.flatMap(({ path, location }): [string, StoredModel][] => {
      const stored = library.load(location)
      return stored ? [[path, stored]] : []
    }),
  )
}
