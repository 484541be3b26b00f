import type { Alternative, PairEvidence } from '../../contract/evidence.ts'
import type { Relation } from '../../contract/graph.ts'
import { linkBetween } from '../link.ts'
import { isRelated, kinshipOf } from '../relatedness.ts'
import type { HeritageModel } from '../types.ts'
import { isLongTraining } from '../update.ts'
import { alignPair, bodyMatrices, type AlignedPair } from './align-pair.ts'
import { directionCues } from './direction-cues.ts'
import { heatmapOf } from './heatmap.ts'
import { pairMeasures } from './measures.ts'
import { pairDetail, pairSentence } from './sentences.ts'
import { placesOfPairs, tensorRow } from './tensor-row.ts'

/** What was recovered around two models, beside what the two show themselves. */
export interface RecoveredContext {
  /** Between the two; null where there is no link. */
  readonly relation: Relation | null
  /** Of `rankParents`, best first. */
  readonly alternatives: readonly Alternative[]
}

/**
 * Two models as a sentence, as numbers beside what unrelated pairs give, and layer by layer; from their fingerprints
 * alone. For a relation a is its parent.
 *
 * @returns null where the two are of different architectures, so that no tensor can be set beside another
 */
export function pairEvidence(
  a: HeritageModel,
  b: HeritageModel,
  { relation, alternatives }: RecoveredContext,
): PairEvidence | null {
  const pair = alignPair(a, b)
  if (!pair) return null
  const kinship = kinshipOf(pair.architecture, 0, 1)
  const related = relation !== null || isRelated(kinship)
  const places = placesOfPairs(pair.tensors)
  const tensors = pair.tensors.map((one, i) => tensorRow(one, places[i]!))
  const measures = pairMeasures(pair)
  // Between unrelated models the signs say nothing.
  const direction = related ? directionCues(bodyMatrices(pair), isLong(pair)) : []
  const cosine = measures.find(({ measure }) => measure === 'cosine')?.value ?? kinship.cosine
  const facts = { a: a.id, b: b.id, related, relation, cosine, z: kinship.z, tensors, alternatives, direction }
  return {
    a: a.id,
    b: b.id,
    related,
    relation,
    sentence: pairSentence(facts),
    detail: pairDetail(facts),
    measures: relation?.parent === a.id ? asRecovered(measures, relation) : measures,
    direction,
    alternatives,
    tensors,
    heatmap: heatmapOf(tensors, places),
    unmatched: pair.unmatched,
  }
}

/** The relation was measured over what its whole family has in common: one number must not be shown in two versions. */
function asRecovered(measures: PairEvidence['measures'], relation: Relation): PairEvidence['measures'] {
  const recovered = { 'relative-change': relation.relativeChange, cosine: relation.cosine } as Partial<
    Record<string, number>
  >
  return measures.map((one) => ({ ...one, value: recovered[one.measure] ?? one.value }))
}

function isLong({ body }: AlignedPair): boolean {
  return isLongTraining(body, linkBetween(body, 0, 1))
}
