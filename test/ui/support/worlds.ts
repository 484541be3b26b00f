import type { Folder, FolderView, HostDescription } from '../../../src-main/contract/folders.ts'
import type { Graph } from '../../../src-main/contract/graph.ts'
import type { ScanProgress } from '../../../src-main/contract/scan.ts'
import type { World } from './scripted-client.ts'

/** A browser host whose library is ready; tests override what they are about. */
export function aHost(values: Partial<HostDescription> = {}): HostDescription {
  return {
    host: 'browser',
    version: '0.1.0',
    library: {
      path: '/home/ada/.local/share/heirloom/library.db',
      state: 'ready',
      message: '',
      models: 40,
      fileSize: 18_400_000,
    },
    threads: 8,
    can: { choose: false, browse: true, reveal: false },
    ...values,
  }
}

export function aFolder(id: string, values: Partial<Folder> = {}): Folder {
  return {
    id,
    name: 'checkpoints',
    path: '/data/checkpoints',
    state: 'available',
    lastSeen: new Date(Date.now() - 3_600_000).toISOString(),
    models: 40,
    problems: 0,
    sample: false,
    scan: null,
    ...values,
  }
}

/** What an engine would tell of a graph: families counted, everything seen and present. */
export function aView(folder: string, graph: Graph, values: Partial<FolderView> = {}): FolderView {
  const present = graph.models.filter(({ kind }) => kind !== 'ghost')
  const families = [...Map.groupBy(graph.models, ({ family }) => family)].flatMap(([id, members]) => {
    if (id === null) return []
    const files = members.filter(({ kind }) => kind !== 'ghost')
    const named = members.find(({ root, kind }) => root && kind !== 'ghost') ?? files[0]
    return {
      id,
      name: named?.path.split('/').at(-1) ?? id,
      members: files.length,
      ghosts: members.length - files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      depth: 3,
    }
  })
  return {
    folder,
    graph,
    provisional: false,
    recoveredAt: '2026-11-27T09:41:00Z',
    seen: Object.fromEntries(present.map(({ id }) => [id, { lastSeen: '2026-11-27T09:41:00Z', present: true }])),
    claims: {},
    families: families.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true })),
    waiting: [],
    ...values,
  }
}

/** One folder that is open, with this graph. */
export function aWorld(
  graph: Graph,
  values: Partial<World> & { view?: Partial<FolderView>; folder?: Partial<Folder> } = {},
): World {
  const { view, folder, ...rest } = values
  return {
    host: aHost(),
    folders: [aFolder('one', folder)],
    views: { one: aView('one', graph, view) },
    settings: { openFolder: 'one' },
    ...rest,
  }
}

/** A scan in the middle of reading. */
export function aScan(values: Partial<ScanProgress> = {}): ScanProgress {
  return {
    folder: 'one',
    state: 'reading',
    modelsDone: 23,
    modelsToRead: 43,
    modelsKnown: 0,
    bytesDone: 31.9e9,
    bytesToRead: 58.9e9,
    bytesPerSecond: 2.41e9,
    secondsLeft: 11,
    current: { path: 'medical/2024-11/llama-3.2-1b-instruct-med', bytesDone: 1.53e9, bytes: 2.47e9 },
    recent: [],
    problemCount: values.problems?.length ?? 0,
    problems: [],
    message: null,
    engine: {
      engine: 'gpu',
      adapter: 'NVIDIA H100',
      reason: "NVIDIA H100 has 3.1 × the processor's speed, measured on this machine",
      gpuSpeed: 6.2e9,
      cpuSpeed: 2e9,
      fellBack: null,
    },
    ...values,
  }
}
