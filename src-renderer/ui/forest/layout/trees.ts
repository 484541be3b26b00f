import type { Graph } from '../../../../src-main/contract/graph.ts'
import { forestOf, type Branch, type Family, type Forest } from '../../../../src-main/export/forest.ts'
import { runFrom } from './runs.ts'

/** What the user chose to see. */
export interface Shown {
  /** Models whose descendants are folded away. */
  readonly collapsed: ReadonlySet<string>
  /** The model whose subtree alone is shown. */
  readonly focus: string | null
  /** First models of the runs of checkpoints that are drawn one by one. */
  readonly openRuns: ReadonlySet<string>
}

/** What one node stands for besides itself. */
export interface Folded {
  readonly members: readonly string[]
  readonly hidden: readonly string[]
  readonly foldable: boolean
  /** The last model of a run of checkpoints; null for any other node. */
  readonly last: Branch['model'] | null
}

export interface ShownForest extends Forest {
  /** By the id of a node. */
  readonly folded: ReadonlyMap<string, Folded>
}

/** The trees of a graph as they are to be drawn: runs as one node, folded subtrees away, all but the focus left out. */
export function shownForest(graph: Graph, shown: Shown): ShownForest {
  const forest = focusOn(forestOf(graph), shown.focus)
  const folded = new Map<string, Folded>()
  const families = forest.families.map((family) => ({
    ...family,
    trees: family.trees.map((tree) => fold(tree, shown, folded)),
  }))
  return { families, unrelated: forest.unrelated, folded }
}

function focusOn(forest: Forest, focus: string | null): Forest {
  if (focus === null) return forest
  for (const family of forest.families) {
    const branch = family.trees.map((tree) => find(tree, focus)).find((found) => found !== null)
    if (branch) return { families: [focused(family, branch)], unrelated: [] }
  }
  return forest
}

function focused(family: Family, branch: Branch): Family {
  const ids = new Set(idsBelow(branch))
  const top = { ...branch, link: null, others: [] }
  return { ...family, trees: [top], models: family.models.filter(({ id }) => ids.has(id)) }
}

function find(branch: Branch, id: string): Branch | null {
  if (branch.model.id === id) return branch
  for (const child of branch.children) {
    const found = find(child, id)
    if (found) return found
  }
  return null
}

function fold(branch: Branch, shown: Shown, folded: Map<string, Folded>): Branch {
  const id = branch.model.id
  const run = shown.openRuns.has(id) ? [branch] : runFrom(branch)
  const last = run.at(-1) ?? branch
  const away = shown.collapsed.has(id) && last.children.length > 0
  folded.set(id, {
    members: run.map(({ model }) => model.id),
    hidden: away ? last.children.flatMap(idsBelow) : [],
    foldable: last.children.length > 0,
    last: run.length > 1 ? last.model : null,
  })
  return { ...branch, children: away ? [] : last.children.map((child) => fold(child, shown, folded)) }
}

function idsBelow(branch: Branch): string[] {
  const ids: string[] = []
  const queue = [branch]
  for (let next = queue.pop(); next; next = queue.pop()) {
    ids.push(next.model.id)
    queue.push(...next.children)
  }
  return ids
}
