import type { GraphModel } from '../contract/graph.ts'

/** Names that many folders have: alone they do not say which model is meant. */
const COMMON_NAME =
  /^(checkpoint|step|epoch|run|version|v)?[-_.]?\d*$|^(model|models|final|best|last|latest|output|outputs|base|merged|adapter|main)$/

/** The model of a folder that a name is taken to mean. */
export interface NamedModel {
  readonly model: GraphModel
  /** How many last parts of name and path agree: two ("owner/name") are as good as certain. */
  readonly parts: number
}

/**
 * Which of some models a name in a file means: the one whose path ends like it, in most parts and without regard to case.
 * Names are compared to find which model a claim is about, never as evidence of descent.
 *
 * @returns null where none fits, several fit equally well, or only a name fits that many folders have
 */
export function matchName(name: string, models: readonly GraphModel[]): NamedModel | null {
  const wanted = partsOf(name)
  let best: NamedModel | null = null
  let tied = false
  for (const model of models) {
    if (model.kind === 'ghost') continue
    const parts = commonEnd(wanted, partsOf(model.path))
    if (parts === 0 || (best && parts < best.parts)) continue
    tied = best?.parts === parts
    best = { model, parts }
  }
  if (!best || tied) return null
  return best.parts === 1 && COMMON_NAME.test(wanted.at(-1)!) ? null : best
}

/** "C:\Models\Owner\Name.safetensors" → models, owner, name; the cache folder "models--owner--name" → owner, name. */
function partsOf(path: string): string[] {
  const parts = path
    .normalize('NFC')
    .toLowerCase()
    .split(/[\\/]+/)
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:$/.test(part))
    .map((part) => part.replace(/\.safetensors$/, ''))
  const cached = parts.findLast((part) => part.startsWith('models--'))
  return cached ? cached.split('--').slice(1) : parts
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length++
  return length
}
