/** Positions that are joined step by step; each belongs to one set at any time. */
export interface DisjointSets {
  /** The position that stands for the set. */
  find(position: number): number
  join(a: number, b: number): void
  /** The sets by their first position, each ascending. */
  groups(): number[][]
}

/** Union-find with path halving (Tarjan & van Leeuwen 1984). */
export function disjointSets(count: number): DisjointSets {
  const leader = Int32Array.from({ length: count }, (_, position) => position)
  const find = (position: number): number => {
    let top = position
    while (leader[top] !== top) top = leader[top] = leader[leader[top]!]!
    return top
  }
  return {
    find,
    join: (a, b) => {
      leader[find(a)] = find(b)
    },
    groups: () => [...Map.groupBy(leader.keys(), find).values()],
  }
}
