import type { Architecture } from '../align/align.ts'
import type { BodySlot } from '../body.ts'
import type { Derivation } from '../exact/derivation.ts'
import { findElementMerges } from '../merge/element-merge.ts'
import type { Merge } from '../merge/merge.ts'
import type { Steps } from '../steps.ts'
import { findGrownBases } from './grown-base.ts'
import { findLoraBases } from './lora-base.ts'
import { withOrphanSources } from './orphan.ts'
import { extendDistances, withExact, withMissing, type MissingModel } from './types.ts'

/** What is known of a family before its tree; the missing models are its last members. */
export interface Known {
  readonly body: readonly BodySlot[]
  readonly distances: readonly Float64Array[]
  readonly derivations: readonly Derivation[]
  readonly merges: readonly Merge[]
  readonly layers: readonly number[]
  readonly missing: readonly MissingModel[]
}

/**
 * Models that are in no file, but whose numbers others still hold.
 *
 * @param distinct members as positions within the architecture, in the order of the body
 */
export function* findMissing(
  architecture: Architecture,
  distinct: readonly number[],
  known: Known,
): Steps<MissingModel[]> {
  const grown = findGrownBases(architecture, distinct, known.body, known.derivations)
  const { body, distances, derivations, merges } = yield* addMissing(known, grown)
  const apart = new Set([...derivations, ...merges].map(({ child }) => child))
  const exact = [...grown, ...findLoraBases(body, distances, apart)]
  const extended = withMissing(known.body, exact)
  return withOrphanSources(extended, extendDistances(known.distances, extended), exact, apart)
}

/** The family with missing models as further members, and the merges and derivations that these explain. */
export function* addMissing(known: Known, missing: readonly MissingModel[]): Steps<Known> {
  if (missing.length === 0) return known
  const first = known.distances.length
  const body = withMissing(known.body, missing)
  const distances = extendDistances(known.distances, body)
  const derivations = [
    ...known.derivations,
    ...missing.flatMap(({ derived }, i) => derived.map((step) => ({ ...step, parent: first + i, kinds: 1 }))),
  ]
  const explained = new Set([...derivations, ...known.merges].map(({ child }) => child))
  const bases = new Set(missing.map((_, i) => first + i))
  for (const base of bases) explained.add(base)
  const exact = withExact(known.body, missing)
  const merges = yield* findElementMerges(exact, distances, explained, known.merges, bases)
  return {
    body,
    distances,
    derivations,
    merges: [...known.merges, ...merges],
    layers: [...known.layers, ...missing.map(({ witness }) => known.layers[witness]!)],
    missing,
  }
}
