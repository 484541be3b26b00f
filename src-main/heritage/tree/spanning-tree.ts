import { disjointSets } from '../disjoint-sets.ts'

/**
 * Minimum spanning tree by Kruskal's algorithm: positions of the chosen edges, in the order they were taken.
 *
 * @param nodes number of nodes
 * @param edges ends of each edge; ties go to the earlier one
 * @param precedence edges with more of it come first, whatever their weight
 * @returns a spanning forest where the edges do not connect all nodes
 */
export function minimumSpanningTree(
  nodes: number,
  edges: readonly { readonly a: number; readonly b: number }[],
  weights: ArrayLike<number>,
  precedence?: ArrayLike<number>,
): number[] {
  const order = edges
    .map((_, index) => index)
    .sort((x, y) => (precedence ? precedence[y]! - precedence[x]! : 0) || weights[x]! - weights[y]! || x - y)
  const { find, join } = disjointSets(nodes)
  const taken: number[] = []
  for (const index of order) {
    const { a, b } = edges[index]!
    if (find(a) === find(b)) continue
    join(a, b)
    taken.push(index)
    if (taken.length === nodes - 1) break
  }
  return taken
}
