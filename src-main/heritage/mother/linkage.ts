/**
 * Hierarchical clustering by average linkage (UPGMA), bottom up. Clusters at infinite distance are never joined.
 *
 * @param distances n × n, symmetric, row by row
 * @param clusters how many to stop at; null cuts below the merge that is farthest above the one before it
 * @returns members of each cluster, ascending
 */
export function cluster(distances: ArrayLike<number>, n: number, clusters: number | null): number[][] {
  const merges = averageLinkage(distances, n)
  const kept = clusters === null ? beforeLargestGap(merges) : Math.max(0, n - clusters)
  const groups = new Map(Array.from({ length: n }, (_, i) => [i, [i]]))
  for (const { into, from } of merges.slice(0, kept)) {
    groups.get(into)!.push(...groups.get(from)!)
    groups.delete(from)
  }
  return [...groups.values()].map((group) => group.sort((a, b) => a - b))
}

interface Merge {
  /** The cluster of `from` becomes part of that of `into`. */
  readonly into: number
  readonly from: number
  readonly height: number
}

function averageLinkage(distances: ArrayLike<number>, n: number): Merge[] {
  const apart = Float64Array.from(distances)
  const sizes = new Map(Array.from({ length: n }, (_, i) => [i, 1]))
  const merges: Merge[] = []
  for (;;) {
    let nearest: Merge = { into: -1, from: -1, height: Infinity }
    for (const into of sizes.keys()) {
      for (const from of sizes.keys()) {
        if (into < from && apart[into * n + from]! < nearest.height)
          nearest = { into, from, height: apart[into * n + from]! }
      }
    }
    const { into, from, height } = nearest
    if (height === Infinity) return merges
    const [a, b] = [sizes.get(into)!, sizes.get(from)!]
    for (const other of sizes.keys()) {
      const mean = (a * apart[into * n + other]! + b * apart[from * n + other]!) / (a + b)
      apart[into * n + other] = apart[other * n + into] = mean
    }
    sizes.set(into, a + b)
    sizes.delete(from)
    merges.push(nearest)
  }
}

/** How many merges come before the largest step from one height to the next; all where there is no step. */
function beforeLargestGap(merges: readonly Merge[]): number {
  let kept = merges.length
  let largest = 0
  for (let i = 1; i < merges.length; i++) {
    const gap = merges[i]!.height - merges[i - 1]!.height
    if (gap <= largest) continue
    largest = gap
    kept = i
  }
  return kept
}
