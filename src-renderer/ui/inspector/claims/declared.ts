import type { ClaimVerdict, FolderView, ModelClaims } from '../../../../src-main/contract/folders.ts'
import type { GraphModel, Relation } from '../../../../src-main/contract/graph.ts'

export interface Declared {
  /** One for each parent that the files of a model name. */
  readonly relations: readonly Relation[]
  /** Parents that are named and not in this folder. */
  readonly absent: readonly GraphModel[]
}

/** What the files say about who comes from whom, as relations. A model that names itself says nothing. */
export function declaredRelations({ graph, claims }: FolderView): Declared {
  const models = new Map(graph.models.map((model) => [model.id, model]))
  const absent = new Map<string, GraphModel>()
  const relations: Relation[] = []
  for (const [child, { claims: list }] of Object.entries(claims)) {
    const model = models.get(child)
    if (!model) continue
    const parents = new Set<string>()
    const present = list.filter(({ parent }) => parent !== null && models.has(parent))
    // A name that is not in this folder counts where no other is: it may be another name of the same parent.
    for (const { parent, names, verdict } of present.length > 0
      ? present
      : list.filter(({ parent }) => parent === null)) {
      const id = parent ?? absentId(names, model.family)
      if (id === child || parents.has(id)) continue
      if (parent === null) absent.set(id, absentModel(id, names, model))
      parents.add(id)
      relations.push(claimed(id, child, verdict))
    }
  }
  return { relations, absent: [...absent.values()] }
}

/** Apart in each family, so that a base that many models name does not join them. */
function absentId(names: string, family: string | null): string {
  return `\0${family ?? ''}\0${names}`
}

function absentModel(id: string, names: string, { family }: GraphModel): GraphModel {
  const nothing = { root: false, dtype: '', parameters: 0, tensors: 0, bytes: 0, contentHash: '' }
  return { id, path: names, kind: 'ghost', family, ...nothing }
}

/** Of several claims, the one that contradicts stands in the tree. */
const WEIGHTS = { contradicts: 2, agrees: 1, silent: 0 } as const satisfies Record<ClaimVerdict, number>

function claimed(parent: string, child: string, verdict: ClaimVerdict): Relation {
  const certain = { directed: true, support: 1, directionSupport: 1, weight: WEIGHTS[verdict] }
  const nothing = { rank: null, relativeChange: 0, cosine: 0, reason: '' }
  return { parent, child, type: 'fine-tune', ...certain, ...nothing }
}

/** `silent` also for a model whose files say nothing. */
export function verdictOf(claims: ModelClaims | undefined): ClaimVerdict {
  return claims?.verdict ?? 'silent'
}
