import { dirname, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { FileProblem } from '../contract/problems.ts'
import type { FoundModel } from '../files/types.ts'
import { findModels } from '../files/walk.ts'
import type { Library } from '../library/types.ts'

/** A problem with a model, a file or a folder. */
export interface ScanProblem {
  /** Absolute path. */
  readonly path: string
  readonly code: string
  readonly message: string
  readonly offset: number | undefined
}

/** A model that is read once more because of a problem, also where that was kept as permanent. */
export interface OneModel {
  /** Absolute path of the file, or of the folder, at fault. */
  readonly path: string
  /** Of the scan before. Those of other models that would have to be read stand as they were. */
  readonly problems: readonly ScanProblem[]
}

export interface DiscoveryRequest {
  readonly folders: readonly string[]
  readonly library: Library
  /** Aborting stops before the next model; the one being read is given up, what is finished stays. */
  readonly signal?: AbortSignal
  /** Of the models that have to be read, only this one is. */
  readonly only?: OneModel | null
  /** Told of every model while the folders are walked, and whether the library knows it. */
  readonly onFound?: (model: FoundModel, known: boolean) => void
  /** Told of every problem at once; `model` is the one that had to be read, null for what the walk or the library knew. */
  readonly onProblem?: (problem: ScanProblem, model: FoundModel | null) => void
}

export interface Discovery {
  readonly known: FoundModel[]
  readonly unread: FoundModel[]
  readonly problems: ScanProblem[]
  /** False if the signal stopped the walk. */
  complete: boolean
}

/** Walks the folders and asks the library about every model in them. */
export async function discover({
  folders,
  library,
  only,
  signal,
  onFound,
  onProblem,
}: DiscoveryRequest): Promise<Discovery> {
  const discovery: Discovery = { known: [], unread: [], problems: [], complete: false }
  const seen = new Set<string>()
  const addProblem = (problem: ScanProblem): void => {
    discovery.problems.push(describeProblem(problem))
    onProblem?.(describeProblem(problem), null)
  }
  const add = (list: FoundModel[], model: FoundModel): void => {
    list.push(model)
    onFound?.(model, list === discovery.known)
  }
  for (const folder of folders) {
    for (const found of findModels(resolve(folder))) {
      // The walk is synchronous: without a pause, no signal would arrive before its end.
      await setImmediate()
      if (signal?.aborted) return discovery
      if (found instanceof FileProblem) {
        addProblem(found)
        continue
      }
      if (seen.has(found.location)) continue
      seen.add(found.location)
      const isWanted = !only || isIn(found, only.path)
      if (only && isWanted) library.forgetProblem(found.location)
      const known = library.lookup(found.location, found.files)
      if (known.state === 'measured') add(discovery.known, found)
      else if (known.state === 'problem') addProblem(known.problem)
      else if (isWanted) add(discovery.unread, found)
      else only.problems.filter(({ path }) => isIn(found, path)).forEach(addProblem)
    }
  }
  discovery.complete = true
  return discovery
}

/** Whether a file belongs to a model: it is one of its files, or lies beside them in its folder. */
function isIn({ location, files }: FoundModel, path: string): boolean {
  return path === location || dirname(path) === location || files.some((file) => file.path === path)
}

export function describeProblem({ path, code, message, offset }: ScanProblem): ScanProblem {
  return { path, code, message, offset }
}
