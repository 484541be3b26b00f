import { REPLICATES } from '../contract/graph.ts'
import type { AdapterRelation } from '../heritage/adapter/types.ts'
import type { RecoveredRelation, RecoveredVerdict } from '../heritage/types.ts'

/** One plain sentence that says why a relation is there, for a person who has to trust it. */
export function explain(relation: RecoveredRelation | AdapterRelation, name: (node: number) => string): string {
  if ('evidence' in relation) return explainAdapter(relation, name)
  return [statement(relation, name(relation.parent)), ...estimation(relation), ...besides(relation)].join(' ')
}

/** One plain sentence that says why several models are named together. */
export function explainVerdict({ kind, models, cosine }: RecoveredVerdict, name: (node: number) => string): string {
  const named = models.map(name)
  switch (kind) {
    case 'same-run':
      return `Consistent with checkpoints of one run: on the way from ${named[0]} to ${named.at(-1)} each step goes on in the direction of the one before (cosine at least ${digits(cosine)}).`
    case 'same-initialisation':
      return `Consistent with separate trainings from one random start, which is no descent: their matrices keep a trace of it (cosine at most ${digits(cosine)}), but nothing of what is learned from constants is alike.`
  }
}

function explainAdapter(
  { parent, evidence, directed, support, directionSupport }: AdapterRelation,
  name: (node: number) => string,
): string {
  const base = name(parent)
  switch (evidence.by) {
    case 'merged':
      return `Its update is the change from ${base} to ${name(evidence.into)} (cosine ${digits(evidence.cosine)}): consistent with ${name(evidence.into)} being ${base} with this adapter merged in.`
    case 'alignment': {
      const family = `Its updates lie along the projections that their gradients pass through in this family: mean alignment ${digits(evidence.mean)}, ${digits(evidence.z)} standard errors above that with shifted layers.`
      if (evidence.bases === 1)
        return `${family} Of its members, ${base} fits best, in ${percent(support)} of ${REPLICATES} bootstrap replicates.`
      return `${family} Adapter of this family, base one of ${evidence.bases}: ${base} is the one nearest the root, chosen in ${percent(support)} of ${REPLICATES} bootstrap replicates.`
    }
    case 'run': {
      const run = `Consistent with a later checkpoint of one training run: the factors A have a cosine of ${digits(evidence.cosine)} with those of ${base}, and ${percent(evidence.retained)} of the earlier factors B is still there.`
      if (!directed) return `${run} Which of the two came first is not clear.`
      return `${run} The link stands in ${percent(support)} of ${REPLICATES} bootstrap replicates, this direction in ${percent(directionSupport ?? 0)}.`
    }
  }
}

function statement(relation: RecoveredRelation, parent: string): string {
  const change = percent(relation.relativeChange)
  const changed = `${relation.changedMatrices} of ${relation.matrices} matrices differ`
  switch (relation.type) {
    case 'copy':
      return `Every tensor is equal to the last bit to that of ${parent}, under the same names.`
    case 'renamed':
      return `Every tensor is equal to the last bit to one of ${parent}, under other names.`
    case 'cast':
      return `Consistent with a cast: the sampled numbers of ${parent}, rounded to the other number format, give exactly these.`
    case 'quantized':
      return `Consistent with a quantization: every sampled number of ${parent} lies within half a step of the grid that these stand on.`
    case 'pruned':
      return `Consistent with pruning: the sampled numbers are zero or equal to those of ${parent}.`
    case 'resized':
      return `Consistent with a resized head or vocabulary: the rows that both have are equal to those of ${parent}, and so is all else.`
    case 'layers-dropped':
      return relation.changedMatrices === 0
        ? `Consistent with leaving out layers: every layer that is left is equal to one of ${parent}, in order.`
        : `Consistent with leaving out layers and training on: fewer layers than ${parent}; among those left, ${changed}.`
    case 'merge':
      if (relation.missingBase)
        return `Consistent with a merge whose base is in no file: as the distances to its relatives show, it contains parts of the ways of several models from one missing to them, ${percent(relation.weight ?? 0)} of that of ${parent}.`
      return `Consistent with a merge: in every matrix these weights are a combination of their parents up to their own rounding, with ${percent(relation.weight ?? 0)} of ${parent}.`
    case 'lora':
      return `Consistent with a merged LoRA: ${changed} from ${parent}, by a rank of at most ${relation.rank}; all else in the body is equal.`
    case 'continued':
      return `Consistent with continued pretraining: ${changed} from ${parent}, by a full rank and a large change of ${change}.`
    case 'fine-tune':
      return `Consistent with a fine-tune: ${changed} from ${parent}, by a full rank; a change of ${change}.`
  }
}

function estimation({ estimatedFrom }: RecoveredRelation): string[] {
  switch (estimatedFrom) {
    case 'distances':
      return ['One of the two is in no file: the change is estimated from the distances among its neighbours.']
    case 'numbers':
      return ['One of the two is in no file: the change is estimated from those of its numbers that others still hold.']
    default:
      return []
  }
}

/** What else there is to know of the place in the tree; how sure it is stands in fields of its own. */
function besides({ type, directed, siblingCosine }: RecoveredRelation): string[] {
  if (type === 'copy' || type === 'renamed') return ['Equal numbers do not show which came first.']
  const alike =
    siblingCosine === null
      ? []
      : [
          `Siblings trained alike: their updates go in part the same way (mean cosine ${digits(siblingCosine)}), so that they lie near each other without descending from each other.`,
        ]
  return directed ? alike : [...alike, 'The weights do not show which of the two came first.']
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}
