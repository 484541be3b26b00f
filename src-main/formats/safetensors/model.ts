import { FileProblem } from '../../contract/problems.ts'
import { quote } from '../text.ts'
import type { ByteSource, TensorEntry } from '../types.ts'
import { readHeader } from './header.ts'
import { readIndex } from './index.ts'

/** Of a model that the walk found, what reading needs. */
export interface ModelFiles {
  /** Absolute path of the folder or the file, for messages. */
  readonly location: string
  /** Weight files and indexes, absolute paths, sorted. An index decides which of the files beside it are its shards. */
  readonly files: readonly { readonly path: string }[]
  /** Absolute path → what comes before the tensor names of that file ("unet/"); files without an entry have no prefix. */
  readonly prefixes: ReadonlyMap<string, string>
}

/**
 * All tensors of one model, in the order of its files, then by offset; only headers and indexes are read. A tensor that
 * stands in a named shard but not in the index belongs to the model, as loaders read whole shards; files that the index
 * does not name do not. `open` is called once for each file that is read, and keeps what it opened. Throws FileProblem.
 */
export function readModel(found: ModelFiles, open: (path: string) => ByteSource): TensorEntry[] {
  const tensors: TensorEntry[] = []
  for (const [prefix, files] of groupByPrefix(found)) {
    const index = files.find((path) => path.endsWith('.index.json'))
    const part = index === undefined ? readFiles(files, open) : readShards(index, files, open)
    for (const tensor of part) tensors.push(prefix === '' ? tensor : { ...tensor, name: prefix + tensor.name })
  }
  if (tensors.length === 0) throw new FileProblem('MODEL_EMPTY', 'the model has no tensor', found.location)
  return tensors
}

function groupByPrefix({ files, prefixes }: ModelFiles): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { path } of files) {
    const prefix = prefixes.get(path) ?? ''
    const group = groups.get(prefix)
    if (group === undefined) groups.set(prefix, [path])
    else group.push(path)
  }
  return groups
}

function readShards(index: string, files: readonly string[], open: (path: string) => ByteSource): TensorEntry[] {
  const weightMap = readIndex(open(index))
  const paths = new Map(files.map((path) => [baseName(path), path]))
  const wanted = new Set(weightMap.values())
  for (const shard of wanted) {
    // A shard is looked up among the files of the walk: no path is ever built from what an index says.
    if (!paths.has(shard)) throw new FileProblem('INDEX_SHARD_MISSING', `shard ${quote(shard)} is missing`, index)
  }
  const tensors = readFiles(
    files.filter((path) => wanted.has(baseName(path))),
    open,
  )
  const places = new Map(tensors.map((tensor) => [tensor.name, tensor.file]))
  for (const [tensor, shard] of weightMap) {
    if (places.get(tensor) === paths.get(shard)) continue
    const message = `tensor ${quote(tensor)} is not in shard ${quote(shard)}, where the index says`
    throw new FileProblem('INDEX_TENSOR_MISSING', message, index)
  }
  return tensors
}

function readFiles(files: readonly string[], open: (path: string) => ByteSource): TensorEntry[] {
  const places = new Map<string, string>()
  const tensors: TensorEntry[] = []
  for (const file of files) {
    for (const tensor of readHeader(open(file))) {
      const other = places.get(tensor.name)
      if (other !== undefined) {
        const message = `tensor ${quote(tensor.name)} is also in ${quote(baseName(other))}`
        throw new FileProblem('INDEX_TENSOR_REPEATED', message, file)
      }
      places.set(tensor.name, file)
      tensors.push(tensor)
    }
  }
  return tensors
}

/** The last part of a path of any system. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
