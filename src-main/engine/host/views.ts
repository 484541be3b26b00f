import type { Folder, FolderView, Seen } from '../../contract/folders.ts'
import type { StoredFolder, StoredGraph } from '../../library/types.ts'
import { summariseFamilies } from './families.ts'
import { EMPTY_GRAPH, type KeptGraph } from './folder-graphs.ts'
import { folderName, samplePath, type FolderState } from './folder-registry.ts'
import type { ScanJob } from './scan-job.ts'

/** A folder as it is listed. */
export function describeFolder(
  { id, path, lastSeen }: StoredFolder,
  state: FolderState,
  counts: Pick<StoredGraph, 'models' | 'problems'> | undefined,
  scan: Folder['scan'],
): Folder {
  return {
    id,
    name: folderName(path),
    path,
    state,
    lastSeen,
    models: counts?.models ?? 0,
    problems: counts?.problems ?? 0,
    sample: path === samplePath(),
    scan,
  }
}

/** @param job the scan that is running; null for none */
export function describeView(
  { id, lastSeen }: StoredFolder,
  state: FolderState,
  kept: KeptGraph | null,
  job: ScanJob | null,
): FolderView {
  const graph = job?.graph() ?? kept?.graph ?? EMPTY_GRAPH
  const seen: Seen = {
    lastSeen: lastSeen ?? kept?.recoveredAt ?? new Date().toISOString(),
    present: state === 'available',
  }
  return {
    folder: id,
    graph,
    provisional: job !== null || kept?.complete === false,
    recoveredAt: kept?.recoveredAt ?? null,
    seen: Object.fromEntries(graph.models.filter(({ kind }) => kind !== 'ghost').map(({ id }) => [id, seen])),
    claims: kept?.claims ?? {},
    families: summariseFamilies(graph),
    waiting: job?.record.waiting() ?? [],
  }
}
