import fs from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { FileProblem } from '../contract/problems.ts'
import { folderProblem } from './failures.ts'
import { identify } from './identity.ts'
import { isIndex, type WeightSet, weightSets } from './layout.ts'
import { listFolder, type Listing } from './listing.ts'
import type { FileIdentity, FoundModel } from './types.ts'

/**
 * All models under a folder, or the one in a file; what could not be looked at comes as a problem in between. Folders
 * are visited depth first, names sorted by UTF-16 code units, so that two walks of one tree give one order. Links are
 * followed. A folder, and a set of weight files, that was met before under another name is left out. No file is opened.
 */
export function* findModels(root: string): Generator<FoundModel | FileProblem> {
  const start = resolve(root)
  const isFolder = attempt(() => isDirectory(start))
  if (isFolder instanceof FileProblem) yield isFolder
  else if (isFolder) yield* new Walk(start).models()
  else yield* single(start)
}

function isDirectory(path: string): boolean {
  try {
    return fs.statSync(path).isDirectory()
  } catch (error) {
    throw folderProblem(error, path)
  }
}

function* single(path: string): Generator<FoundModel | FileProblem> {
  const file = attempt(() => identify(path))
  if (file instanceof FileProblem) return yield file
  const kind = weightSets([basename(path)]).next().value?.kind ?? 'model'
  yield { location: path, path: basename(path), kind, layout: 'bare', files: [file], prefixes: new Map() }
}

class Walk {
  private readonly root: string
  private readonly visitedFolders = new Set<string>()
  private readonly seenFiles = new Set<string>()

  constructor(root: string) {
    this.root = root
  }

  *models(): Generator<FoundModel | FileProblem> {
    const waiting = [this.root]
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const first = attempt(() => this.isFirstVisit(folder))
      if (first instanceof FileProblem) yield first
      if (first !== true) continue
      const listing = listFolder(folder)
      yield* listing.problems
      if (listing.isPipeline) yield* this.pipeline(folder, listing)
      yield* this.inFolder(folder, listing)
      for (const name of listing.folders.toReversed()) waiting.push(join(folder, name))
    }
  }

  private *inFolder(folder: string, listing: Listing): Generator<FoundModel | FileProblem> {
    let folderIsFree = !listing.isPipeline
    for (const set of weightSets(listing.files)) {
      const files: FileIdentity[] = []
      for (const name of set.files) {
        const file = attempt(() => identify(join(folder, name)))
        if (file instanceof FileProblem) yield file
        else files.push(file)
      }
      const main = join(folder, set.main)
      if (!files.some((file) => file.path === main) || !this.isNew(files)) continue
      const location = set.layout !== 'bare' && folderIsFree ? folder : main
      if (location === folder) folderIsFree = false
      const layout = set.layout === 'folder' && location === main ? 'bare' : set.layout
      yield { location, path: this.relative(location), kind: set.kind, layout, files, prefixes: new Map() }
    }
  }

  /** One model of all components; where one cannot be looked at, none: the components then come on their own. */
  private *pipeline(folder: string, { folders }: Listing): Generator<FoundModel> {
    const prefixes = new Map<string, string>()
    const found = attempt(() =>
      folders.flatMap((component) => {
        const files = componentFiles(join(folder, component))
        for (const file of files) prefixes.set(file.path, `${component}/`)
        return files
      }),
    )
    if (found instanceof FileProblem || found.length === 0) return
    const files = found.sort((a, b) => (a.path < b.path ? -1 : 1))
    if (!this.isNew(files)) return
    yield { location: folder, path: this.relative(folder), kind: 'model', layout: 'pipeline', files, prefixes }
  }

  private isFirstVisit(folder: string): boolean {
    try {
      const { dev, ino } = fs.statSync(folder, { bigint: true })
      return addNew(this.visitedFolders, fileKey(String(dev), String(ino), folder))
    } catch (error) {
      throw folderProblem(error, folder)
    }
  }

  /** Whether any weight file is met for the first time. An index alone counts where there is nothing else. */
  private isNew(files: readonly FileIdentity[]): boolean {
    const weights = files.filter((file) => !isIndex(file.path))
    const telling = weights.length > 0 ? weights : files
    const fresh = telling.filter((file) => addNew(this.seenFiles, fileKey(file.device, file.inode, file.path)))
    return fresh.length > 0
  }

  private relative(path: string): string {
    return relative(this.root, path).split(sep).join('/') || '.'
  }
}

/** The first weight set of a component; other files in its folder are variants. Throws FileProblem. */
function componentFiles(folder: string): FileIdentity[] {
  const listing = listFolder(folder)
  for (const problem of listing.problems) throw problem
  const set: WeightSet | undefined = weightSets(listing.files).next().value
  return (set?.files ?? []).map((name) => identify(join(folder, name)))
}

/** Some network drives give every file the inode 0. */
function fileKey(device: string, inode: string, path: string): string {
  return inode === '0' ? path : `${device}:${inode}`
}

function addNew(set: Set<string>, key: string): boolean {
  const isNew = !set.has(key)
  set.add(key)
  return isNew
}

function attempt<T>(call: () => T): T | FileProblem {
  try {
    return call()
  } catch (error) {
    if (error instanceof FileProblem) return error
    throw error
  }
}
