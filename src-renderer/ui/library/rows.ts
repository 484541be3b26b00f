import type { FolderView } from '../../../src-main/contract/folders.ts'
import type { GraphModel, Problem } from '../../../src-main/contract/graph.ts'
import { forestOf, type Branch } from '../../../src-main/export/forest.ts'
import { matchesPath, type LibraryKind } from './filter.ts'

/** One line of the list. */
export type LibraryRow =
  | {
      readonly kind: 'model'
      readonly key: string
      readonly model: GraphModel
      /** True on the first line of a family, and of the models without a relative. */
      readonly opensGroup: boolean
    }
  | {
      readonly kind: 'waiting'
      readonly key: string
      readonly path: string
      readonly bytes: number
      readonly opensGroup: boolean
    }
  | { readonly kind: 'problem'; readonly key: string; readonly problem: Problem; readonly opensGroup: boolean }

export interface RowChoice {
  /** Null for every model. */
  readonly matching: ReadonlySet<string> | null
  readonly search: string
  readonly kind: LibraryKind
  readonly problems: readonly Problem[]
}

/**
 * The lines of the list: families in the order of the forest, parents before their children; models without a relative;
 * models that wait to be read; files that could not be. Ghosts are in no file and have no line.
 */
export function libraryRows(view: FolderView, order: readonly GraphModel[], choice: RowChoice): LibraryRow[] {
  const { matching, search, kind } = choice
  const models = order.filter(({ id }) => matching === null || matching.has(id))
  const lines = models.map((model, at): LibraryRow => ({
    kind: 'model',
    key: model.id,
    model,
    opensGroup: at > 0 && models[at - 1]!.family !== model.family,
  }))
  const waiting = kind === 'all' || kind === 'waiting' ? view.waiting : []
  const problems = kind === 'all' || kind === 'problems' ? choice.problems : []
  return [
    ...lines,
    ...waiting
      .filter(({ path }) => matchesPath(path, search))
      .map(({ path, bytes }, at): LibraryRow => ({
        kind: 'waiting',
        key: `waiting\n${path}`,
        path,
        bytes,
        opensGroup: at === 0 && lines.length > 0,
      })),
    ...problems
      .filter(({ path, code }) => matchesPath(`${path} ${code}`, search))
      .map((problem, at): LibraryRow => ({
        kind: 'problem',
        key: `problem\n${at}\n${problem.path}`,
        problem,
        opensGroup: at === 0 && lines.length > 0,
      })),
  ]
}

/** Every model that is in a file, in the order of the list. */
export function modelsInOrder(view: FolderView): GraphModel[] {
  const forest = forestOf(view.graph)
  const below = (branch: Branch): GraphModel[] => [branch.model, ...branch.children.flatMap(below)]
  const all = [...forest.families.flatMap(({ trees }) => trees.flatMap(below)), ...forest.unrelated]
  return all.filter(({ kind }) => kind !== 'ghost')
}
