import type { Architecture } from '../align/align.ts'
import { derivationFrom, type Derivation } from './derivation.ts'
import type { Steps } from '../steps.ts'
import { isFloatTensor } from '../tensors.ts'

/**
 * The untrained derivatives among the members, each with its one best source: explained by the fewest kinds of step, then
 * the one with the finest store (a cast of the source explains as much as the source itself), and of two of which one follows
 * from the other that one's source.
 *
 * @param distinct positions within the architecture; those of the result are positions within `distinct`
 */
export function* findDerivations(architecture: Architecture, distinct: readonly number[]): Steps<Derivation[]> {
  const all = new Map<number, readonly Derivation[]>()
  const fineness = distinct.map((member) => meanSpacing(architecture, member))
  for (const [child, to] of distinct.entries()) {
    const candidates = distinct.flatMap((from, parent) => {
      const found = from === to ? null : derivationFrom(architecture, from, to)
      return found ? [{ ...found, parent, child }] : []
    })
    candidates.sort((a, b) => a.kinds - b.kinds || fineness[a.parent]! - fineness[b.parent]! || a.parent - b.parent)
    all.set(child, candidates)
    yield
  }
  const sources = new Map<number, Derivation>()
  for (const [child, candidates] of all) {
    const explains = (step: Derivation): boolean =>
      candidates.some(({ parent, kinds }) => parent === step.parent && kinds === step.kinds)
    // Where a source explains the child and its other source too, it was there first: pruning a little leaves more to be pruned.
    const isLater = ({ parent, kinds }: Derivation): boolean =>
      all.get(parent)!.some((step) => step.kinds === kinds && explains(step))
    const open = candidates.filter(({ parent }) => !descendsFrom(sources, parent, child))
    const best = open.find((candidate) => !isLater(candidate)) ?? open[0]
    if (best) sources.set(child, best)
  }
  return [...sources.values()]
}

function descendsFrom(sources: ReadonlyMap<number, Derivation>, node: number, ancestor: number): boolean {
  for (let at: number | undefined = node; at !== undefined; at = sources.get(at)?.parent)
    if (at === ancestor) return true
  return false
}

/** Mean squared spacing of the stores of a model: small for a fine store. */
function meanSpacing(architecture: Architecture, member: number): number {
  let spacing = 0
  let count = 0
  for (const row of architecture.tensors) {
    const tensor = row[member]
    if (!tensor || !isFloatTensor(tensor)) continue
    spacing += tensor.moments!.spacingSquares
    count += tensor.moments!.count
  }
  return spacing / count
}
