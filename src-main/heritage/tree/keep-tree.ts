import { disjointSets } from '../disjoint-sets.ts'
import type { Link } from '../link.ts'
import type { HookedLink } from './unhook.ts'

/**
 * Links that were moved one by one may close a circle together. Then as many moves are taken, in their order, as leave a tree.
 *
 * @param links the tree before, by the position that each moved link remembers
 */
export function keepTree(nodes: number, moved: readonly HookedLink[], links: readonly Link[]): readonly HookedLink[] {
  if (isForest(nodes, moved)) return moved
  const kept = moved.map(({ index }): HookedLink => ({ link: links[index]!, index }))
  moved.forEach((move, at) => {
    const before = kept[at]!
    kept[at] = move
    if (!isForest(nodes, kept)) kept[at] = before
  })
  return kept
}

function isForest(nodes: number, links: readonly HookedLink[]): boolean {
  const { find, join } = disjointSets(nodes)
  return links.every(({ link: { a, b } }) => {
    if (find(a) === find(b)) return false
    join(a, b)
    return true
  })
}
