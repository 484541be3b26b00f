import type { Relation } from '../../contract/graph.ts'
import { compareNames, type Branch } from '../forest.ts'
import type { Branches, PlacedEdge, PlacedNode } from './positions.ts'

/** px; a child stands STEP right of its parent, or SHORTEST and PER_PERCENT for each 1 % of relative change. */
const STEP = 64
const SHORTEST = 44
export const PER_PERCENT = 16
/** Relative change in percent up to which the scale holds; a longer branch is drawn as long and broken. */
export const LONGEST_PERCENT = 12

export interface Row {
  readonly branch: Branch
  /** The model above, null at the top. */
  readonly parent: string | null
  readonly x: number
  /** True where the branch is shorter than its relative change asks. */
  readonly shortened: boolean
}

/** The nodes from top to bottom, with their x. */
export function rowsOf(trees: readonly Branch[], branches: Branches, rootX: number): Row[] {
  return trees.flatMap((tree) => place(tree, null, rootX, false))

  function place(branch: Branch, parent: string | null, x: number, shortened: boolean): Row[] {
    const children = branch.children.toSorted((a, b) => facing(a, branch) - facing(b, branch))
    const blocks = children.map((child) => {
      const percent = 100 * (child.link?.relativeChange ?? 0)
      const change = SHORTEST + PER_PERCENT * Math.min(percent, LONGEST_PERCENT)
      const shorter = branches === 'change' && percent > LONGEST_PERCENT
      return place(child, branch.model.id, Math.round(x + (branches === 'change' ? change : STEP)), shorter)
    })
    const sizes = blocks.map((block) => block.length)
    const above = middle(sizes, (place) => !parted(children, place, branch))
    return [...blocks.slice(0, above).flat(), { branch, parent, x, shortened }, ...blocks.slice(above).flat()]
  }
}

/** A merge stands on the side where its other parent is to be expected: -1 above, 1 below, 0 for all other models. */
function facing({ others: [other] }: Branch, parent: Branch): number {
  return other ? Math.sign(compareNames(other.parent, parent.model.id)) : 0
}

/** True where a parent set before child number `place` would stand between a merge and one of its parents. */
function parted(children: readonly Branch[], place: number, parent: Branch): boolean {
  const [before, after] = [children.slice(0, place), children.slice(place)]
  if (before.some((child) => facing(child, parent) > 0) || after.some((child) => facing(child, parent) < 0)) return true
  const [last, next] = [before.at(-1), after[0]]
  if (!last || !next) return false
  const merges = (a: Branch, b: Branch): boolean =>
    a.children.some(({ others }) => others.some((relation) => relation.parent === b.model.id))
  return merges(last, next) || merges(next, last)
}

/** How many of the blocks stand above, so that the rows above and below differ least; of equals the fewer. */
function middle(sizes: readonly number[], allowed: (above: number) => boolean): number {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let best = 0
  let least = Infinity
  let rows = 0
  for (let above = 0; above <= sizes.length; above++) {
    const difference = Math.abs(total - 2 * rows)
    if (difference < least && allowed(above)) {
      least = difference
      best = above
    }
    rows += sizes[above] ?? 0
  }
  return best
}

/** The lines between placed nodes, in the order of the rows. */
export function edgesOf(rows: readonly Row[], nodes: readonly PlacedNode[], pair: Relation | null): PlacedEdge[] {
  const byId = new Map(nodes.map((node) => [node.model.id, node]))
  return rows.flatMap(({ branch, parent, shortened }): PlacedEdge[] => {
    const to = byId.get(branch.model.id)
    const from = byId.get(parent ?? '')
    if (!to || !from || !branch.link) return []
    const others = branch.others.flatMap((relation): PlacedEdge[] => {
      const other = byId.get(relation.parent)
      if (!other) return []
      const path = reachable(other, to, nodes) ? 'join' : 'stub'
      return [{ relation, from: other, to, path, merged: path === 'join', shortened: false }]
    })
    const merged = others.some(({ path }) => path === 'join')
    return [{ relation: branch.link, from, to, path: pair ? 'bracket' : 'branch', merged, shortened }, ...others]
  })
}

/** True where a line down (or up) from `from` and across to `to` passes left of every node between them. */
function reachable(from: PlacedNode, to: PlacedNode, nodes: readonly PlacedNode[]): boolean {
  const [top, bottom] = from.y < to.y ? [from.y, to.y] : [to.y, from.y]
  const between = nodes.filter(({ y }) => y > top && y < bottom)
  return to.x - from.x >= SHORTEST && between.every(({ x }) => x - from.x >= SHORTEST / 2)
}
