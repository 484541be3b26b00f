import type { Steps } from '../steps.ts'
import type { ForcedLink } from '../tree/candidate-links.ts'
import { drawTrees, type Drawn } from '../tree/draw-trees.ts'
import { addMissing, type Known } from './missing.ts'
import type { MissingModel } from './types.ts'

/** Draws the trees with those of the missing models that turn out to have a place: three neighbours or more. */
export function* placeMissing(known: Known, missing: readonly MissingModel[]): Steps<Known & { drawn: Drawn }> {
  const all = yield* addMissing(known, missing)
  const forced = all.derivations.map(({ parent, child }): ForcedLink => [parent, child])
  const drawn = yield* drawTrees(all.body, all.distances, forced, all.merges, all.layers)
  const placed = missing.filter((_, i) => {
    const node = known.distances.length + i
    return drawn.links.filter(({ parent, child }) => parent === node || child === node).length >= 3
  })
  return placed.length === missing.length ? { ...all, merges: drawn.merges, drawn } : yield* placeMissing(known, placed)
}
