import { alignModels } from './align/align.ts'
import { recoverFamily } from './family.ts'
import type { Steps } from './pairwise.ts'
import { findFamilies } from './relatedness.ts'
import type { Heritage, HeritageModel, RecoveredFamily, RecoveredRelation } from './types.ts'

/** How far a recovery has come. */
export interface RecoveryProgress {
  /** Families are found first, then a tree is drawn for each. */
  readonly stage: 'families' | 'trees'
  readonly modelsDone: number
  readonly models: number
}

/** The whole of `recoverInSteps` at once. */
export function recoverHeritage(models: readonly HeritageModel[]): Heritage {
  const steps = recoverInSteps(models)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/**
 * Recovers the families of a set of models, and in each who came from whom and how. Looks at weights only: names,
 * order and places of models and tensors change nothing but the names in the answer. The work pauses at every step, a
 * fraction of a second apart in families of some hundred, so that whoever drives it can show progress or give up.
 */
export function* recoverInSteps(models: readonly HeritageModel[]): Generator<RecoveryProgress, Heritage> {
  const found = []
  let modelsDone = 0
  for (const architecture of alignModels(models)) {
    const progress = { stage: 'families', modelsDone, models: models.length } as const
    const groups = yield* reporting(progress, findFamilies(architecture))
    for (const family of groups) if (family.length > 1) found.push({ architecture, family })
    modelsDone += architecture.members.length
  }
  const families: RecoveredFamily[] = []
  const relations: RecoveredRelation[] = []
  let ghosts = 0
  modelsDone = models.length - found.reduce((sum, { family }) => sum + family.length, 0)
  for (const { architecture, family } of found) {
    const progress = { stage: 'trees', modelsDone, models: models.length } as const
    const tree = yield* reporting(progress, recoverFamily(models, architecture, family, models.length + ghosts))
    families.push(tree.family)
    relations.push(...tree.relations)
    ghosts += tree.family.ghosts.length
    modelsDone += family.length
  }
  families.sort((a, b) => b.members.length - a.members.length || a.members[0]! - b.members[0]!)
  relations.sort((a, b) => a.child - b.child || a.parent - b.parent)
  return { families, relations }
}

function* reporting<T>(progress: RecoveryProgress, work: Steps<T>): Generator<RecoveryProgress, T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    yield progress
  }
}
