import type { FolderView } from '../../../src-main/contract/folders.ts'
import type { GraphModel, Problem, Relation } from '../../../src-main/contract/graph.ts'
import { typeWord } from '../../../src-main/contract/words.ts'

/** Which rows the list shows: a tab above it. `waiting` is there while a scan runs. */
export type LibraryKind = 'all' | 'related' | 'unrelated' | 'waiting' | 'problems'

export type KindCounts = Readonly<Record<LibraryKind, number>>

/**
 * How many rows each tab has; ghosts are in no file and count nowhere.
 *
 * @param waiting as the running scan counts them: the view is a little behind
 */
export function countKinds(view: FolderView | null, problems: readonly Problem[], waiting?: number): KindCounts {
  if (!view) return { all: 0, related: 0, unrelated: 0, waiting: 0, problems: 0 }
  const files = view.graph.models.filter(({ kind }) => kind !== 'ghost')
  const related = files.filter(({ family }) => family !== null).length
  return {
    all: files.length + view.waiting.length + problems.length,
    related,
    unrelated: files.length - related,
    waiting: waiting ?? view.waiting.length,
    problems: problems.length,
  }
}

/**
 * Ids of the models that a search and a tab leave; null where they leave every one. Each word of the search has to be
 * found: in the path, the dtype, the kind, a type of relation that leads to the model, or at the start of its hash.
 */
export function matchingModels(view: FolderView, search: string, kind: LibraryKind): ReadonlySet<string> | null {
  const words = wordsOf(search)
  if (words.length === 0 && kind === 'all') return null
  const incoming = Map.groupBy(view.graph.relations, ({ child }) => child)
  const left = view.graph.models.filter(
    (model) => isKind(model, kind) && matches(textOf(model, incoming.get(model.id) ?? []), model.contentHash, words),
  )
  return new Set(left.map(({ id }) => id))
}

/** Whether a path holds every word of a search. */
export function matchesPath(path: string, search: string): boolean {
  return matches(path.toLowerCase(), '', wordsOf(search))
}

function wordsOf(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean)
}

// Shorter beginnings of a hash would also match words.
const SHORTEST_HASH = 6

function matches(text: string, hash: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word) || (word.length >= SHORTEST_HASH && hash.startsWith(word)))
}

function textOf(model: GraphModel, incoming: readonly Relation[]): string {
  const types = incoming.flatMap(({ type }) => [type, typeWord(type)])
  return [model.path, model.dtype, model.kind, ...types].join('\n').toLowerCase()
}

function isKind(model: GraphModel, kind: LibraryKind): boolean {
  if (kind === 'all') return true
  if (kind === 'related') return model.family !== null
  return kind === 'unrelated' && model.family === null
}
