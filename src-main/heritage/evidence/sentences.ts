import type { Alternative, DirectionCue, Spectrum, TensorRow } from '../../contract/evidence.ts'
import type { Relation } from '../../contract/graph.ts'
import { count, typeWord } from '../../contract/words.ts'

/** What the sentences about two models are made of. */
export interface PairFacts {
  readonly a: string
  readonly b: string
  readonly related: boolean
  readonly relation: Relation | null
  /** Of the matrices, and in standard deviations of unrelated pairs. */
  readonly cosine: number
  readonly z: number
  readonly tensors: readonly TensorRow[]
  readonly alternatives: readonly Alternative[]
  readonly direction: readonly DirectionCue[]
}

const CUE_WORDS: Record<DirectionCue['cue'], string> = {
  kurtosis: 'kurtosis',
  norm: 'the squared norm',
  'cross-cumulants': 'cross-cumulants',
}

/** How two models are related, one plain sentence. */
export function pairSentence({ a, b, related, relation, cosine }: PairFacts): string {
  if (relation) {
    const ends = relation.directed
      ? `${relation.child} is consistent with a ${typeWord(relation.type)} of ${relation.parent}`
      : `${a} and ${b} are linked (${typeWord(relation.type)}); which of the two came first is not known`
    return `${ends}.`
  }
  if (!related) return `No relation found: ${a} and ${b} have no more in common than independent models do.`
  return `${a} and ${b} are of one family, without a direct link: cosine ${significant(cosine)}.`
}

/** What stands behind it, and what speaks against it. */
export function pairDetail(facts: PairFacts): string {
  return [...(facts.relation ? [facts.relation.reason] : [chance(facts)]), ...against(facts), equalTensors(facts)].join(
    ' ',
  )
}

function chance({ z }: PairFacts): string {
  return `The cosine lies ${significant(z)} standard deviations from that of unrelated pairs.`
}

function equalTensors({ tensors }: PairFacts): string {
  const equal = tensors.filter((row) => row.equal).length
  return `${equal} of ${count(tensors.length, 'tensor')} ${equal === 1 ? 'is' : 'are'} equal to the last bit.`
}

/** A nearer model than the recovered parent, and signs of the other direction. */
function against({ relation, alternatives, direction }: PairFacts): string[] {
  if (!relation) return []
  const [next] = alternatives
  const nearer = next && next.relativeChange < relation.relativeChange
  const signs = relation.directed ? direction.filter(({ verdict }) => verdict === 'backward') : []
  return [
    ...(nearer ? [`Against it: ${next.model} lies nearer.`] : []),
    ...(signs.length > 0 ? [`Against the direction: ${signs.map(({ cue }) => CUE_WORDS[cue]).join(', ')}.`] : []),
  ]
}

/** What the numbers of one tensor show, one plain sentence. */
export function tensorSentence(row: TensorRow, spectrum: Spectrum | null): string {
  if (row.equal) return 'Equal to the last bit.'
  if (row.relativeChange === null) return 'The two differ; numbers of this kind are not compared.'
  const change = `${significant(100 * row.relativeChange)} %`
  if (!spectrum) return `A relative change of ${change}.`
  const { rank, largestRank } = spectrum
  if (rank === 0) return `A relative change of ${change}, all of it below what rounding alone would leave.`
  if (rank < largestRank / 2) {
    return `A relative change of ${change} of rank ${rank} of ${largestRank}: consistent with a low-rank update.`
  }
  return `A relative change of ${change} of full rank (${rank} of ${largestRank}): consistent with full training.`
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)))
}
