import type { ModelLayout } from './types.ts'

/** The weight files of one model among the names in one folder. */
export interface WeightSet {
  readonly layout: Exclude<ModelLayout, 'pipeline'>
  readonly kind: 'model' | 'adapter'
  /** The file that stands for the model: its only one, or the index. */
  readonly main: string
  /** Sorted; the index included. */
  readonly files: readonly string[]
}

const ADAPTER = 'adapter_model.safetensors'
/** Names under which a folder's one weight file is saved; the first that is there is the model of the folder. */
const WHOLE = ['model.safetensors', 'diffusion_pytorch_model.safetensors', 'pytorch_model.safetensors']
/** Names that are whole models too, but beside an index only a second form of it. */
const BESIDE = ['consolidated.safetensors', ADAPTER]

const INDEX_ENDING = '.safetensors.index.json'

/** In a folder of its own, this names the components of a pipeline, one subfolder each. */
export const PIPELINE_INDEX = 'model_index.json'

export function isWeightsOrIndex(name: string): boolean {
  return name.endsWith('.safetensors') || name.endsWith(INDEX_ENDING)
}

export function isIndex(name: string): boolean {
  return name.endsWith(INDEX_ENDING)
}

/**
 * Which models the files of one folder make, told by their names alone. The first belongs to the folder, unless it is
 * bare. Which shards an index really names is not known yet: its set holds every file that it may name.
 *
 * @param names weight files and indexes, sorted
 */
export function* weightSets(names: readonly string[]): Generator<WeightSet> {
  const sharded = shardedSets(names)
  const taken = new Set(sharded.flatMap((set) => set.files))
  const single = (name: string, layout: 'folder' | 'bare'): WeightSet => {
    return { layout, kind: name === ADAPTER ? 'adapter' : 'model', main: name, files: [name] }
  }
  const free = (name: string): boolean => names.includes(name) && !taken.has(name)
  for (const name of WHOLE.filter(free)) yield single(name, 'folder')
  yield* sharded
  for (const name of BESIDE.filter(free)) yield single(name, 'folder')
  const wellKnown = new Set([...WHOLE, ...BESIDE])
  for (const name of names) {
    if (!isIndex(name) && !taken.has(name) && !wellKnown.has(name)) yield single(name, 'bare')
  }
}

function shardedSets(names: readonly string[]): WeightSet[] {
  const indexes = names.filter(isIndex)
  const weights = names.filter((name) => !isIndex(name))
  const numbered = weights.some((name) => /-\d+-of-\d+\.safetensors$/.test(name))
  return indexes.map((index) => {
    const stem = index.slice(0, -INDEX_ENDING.length)
    const mayName = (name: string): boolean => {
      if (name === ADAPTER) return false
      // Beside numbered shards a whole model is another form of it; without them the index describes that whole file.
      if (numbered && (WHOLE.includes(name) || BESIDE.includes(name))) return false
      return indexes.length === 1 || name.startsWith(`${stem}-`) || name.startsWith(`${stem}.`)
    }
    return { layout: 'sharded', kind: 'model', main: index, files: [...weights.filter(mayName), index].sort() }
  })
}
