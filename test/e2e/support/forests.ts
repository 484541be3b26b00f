import fs from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Graph } from '../../../src-main/contract/graph.ts'
import { graphInputs } from '../../../src-main/engine/analysis/recover-graph.ts'
import { changeSettings } from '../../../src-main/engine/host/preferences.ts'
import { openPool } from '../../../src-main/engine/pool.ts'
import { scan } from '../../../src-main/engine/scan.ts'
import { seededRandom } from '../../../src-main/heritage/tree/random.ts'
import { openLibrary } from '../../../src-main/library/open.ts'
import { writeSafetensors } from '../../support/write-safetensors.ts'
import type { Place } from './serve.ts'

const LAYERS = 3
const WIDTH = 12
const TENSORS = Array.from({ length: LAYERS }, (_, layer) =>
  ['self_attn.q_proj', 'self_attn.v_proj', 'mlp.up_proj'].map((part) => `model.layers.${layer}.${part}.weight`),
).flat()

/** Writes one small file for each model of a graph: a child is its parent, moved by the change that its relation tells. */
export function writeModels(folder: string, { models, relations }: Graph): void {
  const random = seededRandom(models.length)
  const noise = (): number => random() + random() + random() - 1.5
  const changeOf = new Map(relations.map(({ parent, child, relativeChange }) => [child, { parent, relativeChange }]))
  const made = new Map<string, Float32Array[]>()
  const make = (id: string): Float32Array[] => {
    const known = made.get(id)
    if (known) return known
    const from = changeOf.get(id)
    const parent = from ? make(from.parent) : null
    const weights = TENSORS.map((_, tensor) =>
      Float32Array.from({ length: WIDTH * WIDTH }, (_, at) =>
        parent ? parent[tensor]![at]! + 0.1 * from!.relativeChange * noise() : 0.1 * noise(),
      ),
    )
    made.set(id, weights)
    return weights
  }
  for (const { id } of models) {
    fs.mkdirSync(join(folder, id), { recursive: true })
    const data = make(id)
    writeSafetensors(
      join(folder, id, 'model.safetensors'),
      TENSORS.map((name, at) => ({
        name,
        dtype: 'F32' as const,
        shape: [WIDTH, WIDTH],
        data: new Uint8Array(data[at]!.buffer),
      })),
    )
  }
}

/**
 * Reads the models of a graph into the library of a place, with the graph beside them as if it had been recovered: a forest
 * to look at, at once. Its weights are what they say they are; that trees are recovered from such is tested elsewhere.
 */
export async function keepForest(place: Place, graph: Graph, name = 'checkpoints'): Promise<string> {
  const folder = place.folder(name)
  writeModels(folder, graph)
  const library = openLibrary(place.library)
  const pool = openPool(2)
  await scan({ folders: [folder], library, openPool: () => pool })
  const id = randomUUID()
  const now = new Date().toISOString()
  library.folders.add({ id, path: folder, grantedAt: now, lastSeen: now })
  library.folders.saveGraph(id, {
    inputs: graphInputs(library.list()),
    recoveredAt: now,
    complete: true,
    models: graph.models.length,
    problems: 0,
    graph: JSON.stringify(graph),
    claims: '{}',
  })
  changeSettings(library.settings, { openFolder: id })
  library.close()
  return folder
}
