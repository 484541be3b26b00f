import { basename, join, relative, sep } from 'node:path'
import { EngineError } from '../../contract/errors.ts'
import type { IdentifiedModel, PairEvidence, TensorEvidence } from '../../contract/evidence.ts'
import type { Graph } from '../../contract/graph.ts'
import { candidateParents } from '../../heritage/evidence/alternatives.ts'
import type { StoredFolder } from '../../library/types.ts'
import type { Analyst } from '../analysis/analyst.ts'
import type { ModelPlace } from '../analysis/evidence-tasks.ts'

/** A folder and what was recovered in it. */
export interface OpenFolder {
  readonly folder: StoredFolder
  readonly graph: Graph
}

/** Shows what stands behind relations. From the library alone: no drive has to be there. */
export class Evidence {
  readonly #openAnalyst: () => Analyst
  readonly #open = new Set<Analyst>()
  /** For what is quick; it stays. */
  #analyst: Analyst | null = null

  constructor(openAnalyst: () => Analyst) {
    this.#openAnalyst = openAnalyst
  }

  /** @throws EngineError `model-unknown` also where there is no such relation */
  relation({ folder, graph }: OpenFolder, parent: string, child: string, signal?: AbortSignal): Promise<PairEvidence> {
    const relation = graph.relations.find((one) => one.parent === parent && one.child === child)
    if (!relation) throw new EngineError('model-unknown', `There is no relation from ${parent} to ${child}.`)
    const candidates = candidateParents(graph, relation).map((id) => placeOf(folder, graph, id))
    const [a, b] = [placeOf(folder, graph, parent), placeOf(folder, graph, child)]
    return this.#quick().ask('pair', { a, b, relation, candidates }, signal)
  }

  compare({ folder, graph }: OpenFolder, a: string, b: string, signal?: AbortSignal): Promise<PairEvidence> {
    const places = { a: placeOf(folder, graph, a), b: placeOf(folder, graph, b) }
    const relation =
      graph.relations.find(({ parent, child }) => (parent === a && child === b) || (parent === b && child === a)) ??
      null
    return this.#quick().ask('pair', { ...places, relation, candidates: [] }, signal)
  }

  tensor(
    { folder, graph }: OpenFolder,
    a: string,
    b: string,
    tensor: string,
    signal?: AbortSignal,
  ): Promise<TensorEvidence> {
    const places = { a: placeOf(folder, graph, a), b: placeOf(folder, graph, b) }
    return this.#quick().ask('tensor', { ...places, tensor }, signal)
  }

  /** Loads the whole library: by a thread of its own, which a signal stops. */
  async identify(
    { folder, graph }: OpenFolder,
    model: string,
    granted: readonly StoredFolder[],
    signal?: AbortSignal,
  ): Promise<readonly IdentifiedModel[]> {
    const place = placeOf(folder, graph, model)
    const analyst = this.#openAnalyst()
    this.#open.add(analyst)
    try {
      const found = await analyst.ask('identify', { model: place }, signal)
      const preferred = [folder, ...granted]
      return found.map(({ location, ...numbers }) => ({ ...inFolder(preferred, location), ...numbers }))
    } finally {
      this.#open.delete(analyst)
      await analyst.close()
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open, ...(this.#analyst ? [this.#analyst] : [])].map((analyst) => analyst.close()))
  }

  #quick(): Analyst {
    return (this.#analyst ??= this.#openAnalyst())
  }
}

/** @throws EngineError `model-unknown`, also for a ghost */
function placeOf(folder: StoredFolder, graph: Graph, id: string): ModelPlace {
  const model = graph.models.find((one) => one.id === id)
  if (!model) throw new EngineError('model-unknown', `There is no ${id} in this folder.`)
  if (model.kind === 'ghost') {
    throw new EngineError('models-not-comparable', 'A missing ancestor is in no file: there are no weights to compare.')
  }
  return { id, location: join(folder.path, id) }
}

/** The first of the folders that it lies in, and what it is called there. */
function inFolder(
  folders: readonly StoredFolder[],
  location: string,
): Pick<IdentifiedModel, 'folder' | 'model' | 'name'> {
  const name = basename(location)
  const folder = folders.find(
    ({ path }) => location === path || location.startsWith(path.endsWith(sep) ? path : path + sep),
  )
  if (!folder) return { folder: null, model: location, name }
  return { folder: folder.id, model: relative(folder.path, location).split(sep).join('/') || '.', name }
}
