import { alignModels } from './align/align.ts'
import { recoverFamily } from './family.ts'
import { compareAll, findFamilies } from './relatedness.ts'
import { setApartSameInitialisation } from './same-initialisation.ts'
import type { Heritage, HeritageModel, RecoveredFamily, RecoveredRelation, RecoveredVerdict } from './types.ts'

/**
 * Recovers the families of a set of models, and in each who came from whom and how. Looks at weights only: names,
 * order and places of models and tensors change nothing but the names in the answer.
 */
export function recoverHeritage(models: readonly HeritageModel[]): Heritage {
  const families: RecoveredFamily[] = []
  const relations: RecoveredRelation[] = []
  const verdicts: RecoveredVerdict[] = []
  for (const architecture of alignModels(models)) {
    const { kinship, groups } = setApartSameInitialisation(architecture, compareAll(architecture))
    verdicts.push(
      ...groups.map(({ members, cosine }): RecoveredVerdict => {
        const models = members.map((member) => architecture.members[member]!)
        return { kind: 'same-initialisation', models, cosine }
      }),
    )
    for (const family of findFamilies(architecture.members.length, kinship)) {
      if (family.length < 2) continue
      const ghosts = families.reduce((sum, known) => sum + known.ghosts.length, 0)
      const found = recoverFamily(models, architecture, family, models.length + ghosts)
      families.push(found.family)
      relations.push(...found.relations)
      verdicts.push(...found.verdicts)
    }
  }
  families.sort((a, b) => b.members.length - a.members.length || a.members[0]! - b.members[0]!)
  relations.sort((a, b) => a.child - b.child || a.parent - b.parent)
  verdicts.sort((a, b) => a.models[0]! - b.models[0]! || a.models[1]! - b.models[1]!)
  return { families, relations, verdicts }
}
