import { alignModels, type Architecture } from './align/align.ts'
import { recoverFamily, type FamilyPart } from './family.ts'
import { during, finish, retold, type Steps } from './steps.ts'
import { findFamilies } from './relatedness.ts'
import type { Heritage, HeritageModel, RecoveredFamily, RecoveredRelation, RecoveredVerdict } from './types.ts'

/** How far a recovery has come. */
export interface RecoveryProgress {
  /** What it is doing. */
  readonly part: 'alignment' | 'families' | FamilyPart
  /** Models that have their place; none before all families are known. */
  readonly modelsDone: number
  readonly models: number
}

/** The whole of `recoverInSteps` at once. */
export function recoverHeritage(models: readonly HeritageModel[]): Heritage {
  return finish(recoverInSteps(models))
}

/**
 * Recovers the families of a set of models, and in each who came from whom and how. Looks at weights only: names,
 * order and places of models and tensors change nothing but the names in the answer. The work pauses at every step, a
 * fraction of a second apart in families of some hundred, so that whoever drives it can show progress or give up.
 */
export function* recoverInSteps(models: readonly HeritageModel[]): Steps<Heritage, RecoveryProgress> {
  const progress = { modelsDone: 0, models: models.length }
  const verdicts: RecoveredVerdict[] = []
  const found: { architecture: Architecture; family: readonly number[] }[] = []
  const architectures = alignModels(models)
  yield { part: 'alignment', ...progress }
  for (const architecture of architectures) {
    const kin = yield* during({ part: 'families', ...progress } as const, findFamilies(architecture))
    for (const family of kin.families) if (family.length > 1) found.push({ architecture, family })
    for (const { members, cosine } of kin.startedAlike) {
      const started = members.map((member) => architecture.members[member]!)
      verdicts.push({ kind: 'same-initialisation', models: started, cosine })
    }
  }
  progress.modelsDone = models.length - found.reduce((sum, { family }) => sum + family.length, 0)
  const families: RecoveredFamily[] = []
  const relations: RecoveredRelation[] = []
  let ghosts = 0
  for (const { architecture, family } of found) {
    const steps = recoverFamily(models, architecture, family, models.length + ghosts)
    const recovered = yield* retold(steps, (part) => ({ part, ...progress }))
    families.push(recovered.family)
    relations.push(...recovered.relations)
    verdicts.push(...recovered.verdicts)
    ghosts += recovered.family.ghosts.length
    progress.modelsDone += family.length
  }
  families.sort((a, b) => b.members.length - a.members.length || a.members[0]! - b.members[0]!)
  relations.sort((a, b) => a.child - b.child || a.parent - b.parent)
  verdicts.sort((a, b) => a.models[0]! - b.models[0]! || a.models[1]! - b.models[1]!)
  return { families, relations, verdicts }
}
