import { alignModels } from '../align/align.ts'
import { describeTwin } from '../describe.ts'
import { contentKey } from '../exact/exact.ts'
import type { Heritage, HeritageModel, RecoveredFamily } from '../types.ts'
import { describePlacement, describeStep } from './describe.ts'
import { updatesOf } from './factors.ts'
import { kinOf } from './kin.ts'
import { findFamily, findHeads, placeMerged, placeWithin, type OwnFamily, type Placement } from './place.ts'
import { findRuns, type AdapterRun } from './runs.ts'
import type { AdapterHeritage, ReadAgain } from './types.ts'

/**
 * Places LoRA adapters in the families of the models they were trained on: equal ones first, then the checkpoints of one run, of
 * which only the earliest hangs from its base (docs/heritage.md, section 9). An adapter that fits no model stays alone.
 *
 * @param read rejects where a file cannot be read
 */
export async function recoverAdapters(
  models: readonly HeritageModel[],
  heritage: Heritage,
  adapters: readonly HeritageModel[],
  read: ReadAgain,
): Promise<AdapterHeritage> {
  if (adapters.length === 0) return heritage
  const firstAdapter = models.length + heritage.families.reduce((sum, { ghosts }) => sum + ghosts.length, 0)
  const twins = [...Map.groupBy(adapters.keys(), (adapter) => contentKey(adapters[adapter]!)).values()]
  const distinct = twins.map(([first]) => first!)
  const updates = distinct.map((adapter) => updatesOf(adapters[adapter]!))
  const kin = alignModels(models).map((architecture) => ({ architecture, families: kinOf(architecture, heritage) }))
  const nodeOf = (position: number): number => firstAdapter + distinct[position]!
  let families = heritage.families
  const relations: AdapterHeritage['relations'][number][] = [...heritage.relations]
  const runs: { run: AdapterRun; exact: Placement | undefined; own: OwnFamily | null }[] = []
  for (const run of findRuns(updates)) {
    const exact = run.members.map((member) => placeMerged(updates[member]!, kin)).find((found) => found !== null)
    const { first } = run
    const own = exact ? null : await findFamily(models, adapters[distinct[first]!]!, updates[first]!, kin, read)
    runs.push({ run, exact, own })
  }
  const heads = await findHeads(
    models,
    runs.flatMap(({ own }) => own ?? []),
    read,
  )
  for (const { run, exact, own } of runs) {
    const { members, first, steps } = run
    const aligned = own && (await placeWithin(models, own, heads.get(own.fit.architecture)!, read))
    const placement: Placement | null = exact ?? aligned
    if (placement) relations.push(describePlacement(placement, updates[first]!, nodeOf(first)))
    relations.push(...steps.map((step) => describeStep(step, updates, nodeOf)))
    const nodes = members.flatMap((member) => twins[member]!.map((adapter) => firstAdapter + adapter))
    families = join(families, nodes, placement?.base ?? null, steps.length > 0 ? nodeOf(first) : null)
  }
  for (const [first, ...others] of twins) {
    for (const other of others) {
      const relation = describeTwin(adapters, first!, other)
      relations.push({ ...relation, parent: firstAdapter + first!, child: firstAdapter + other })
    }
  }
  return {
    families: families.toSorted((a, b) => b.members.length - a.members.length || a.members[0]! - b.members[0]!),
    relations: relations.sort((a, b) => a.child - b.child || a.parent - b.parent),
  }
}

/** Adds nodes to the family of their base, which may be a new one. */
function join(
  families: readonly RecoveredFamily[],
  nodes: readonly number[],
  base: number | null,
  first: number | null,
): readonly RecoveredFamily[] {
  if (base === null) return nodes.length < 2 ? families : [...families, { members: nodes, ghosts: [], root: first }]
  const own = families.find(({ members }) => members.includes(base))
  const joined = {
    members: [...(own?.members ?? [base]), ...nodes],
    ghosts: own?.ghosts ?? [],
    root: own ? own.root : base,
  }
  return [...families.filter((family) => family !== own), joined]
}
