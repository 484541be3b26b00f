import { neighboursIn, squaredCosinesAt } from './correlation.ts'

/** What hangs from one model by one link of an undirected tree. */
export interface Branch {
  readonly hub: number
  readonly nodes: readonly number[]
  /** Root mean square cosine of the links that meet in it, the one to the hub included. */
  readonly misfit: number
}

/** The two branches at the ends of every link of a tree. */
export function branchesOf(
  nodes: number,
  tree: readonly { readonly a: number; readonly b: number }[],
  distance: (a: number, b: number) => number,
): Branch[] {
  const neighbours = neighboursIn(nodes, tree)
  const squares = neighbours.map((around, node) => squaredCosinesAt(node, around, distance))
  return tree.flatMap(({ a, b }) => [branch(a, b), branch(b, a)])

  function branch(hub: number, first: number): Branch {
    const inside = [first]
    const seen = new Set([hub, first])
    for (const node of inside) {
      for (const next of neighbours[node]!) {
        if (seen.has(next)) continue
        seen.add(next)
        inside.push(next)
      }
    }
    const all = inside.flatMap((node) => squares[node]!)
    const sum = all.reduce((total, square) => total + square, 0)
    return { hub, nodes: inside, misfit: all.length === 0 ? 0 : Math.sqrt(sum / all.length) }
  }
}
