import type { DirectionCue, MeasureName } from '../../../../src-main/contract/evidence.ts'
import type { Relation } from '../../../../src-main/contract/graph.ts'
import { grouped, percent } from '../../../../src-main/contract/words.ts'

const NBSP = '\u00a0'

/** What is said of a relation and of the numbers behind it. */
export const relationWords = {
  relation: {
    title: 'Relation',
    place: (place: number, all: number) => `${grouped(place)} of ${grouped(all)}`,
    support: (share: number) => `support${NBSP}${percent(share, NBSP)}`,
    direction: (share: number) => `direction${NBSP}${percent(share, NBSP)}`,
    unknown: 'direction unknown',
    related: 'Related',
    which: 'Which parent',
    candidate: 'Candidate',
    supportOf: 'Support',
    change: 'Change',
    changeOf: (change: string) => `a change of ${change}`,
    next: (model: string, support: string) => `Next best parent, ${model}: ${support}.`,
    weights: 'Weights of the merge',
    weight: 'Weight',
    parent: 'Parent',
    directionTitle: 'Direction',
    evidence: 'Evidence',
    forward: 'Parent → child',
    forwardAny: 'First → second',
    background: 'Background',
    verdict: 'Consistent with',
    noCues: 'No evidence of the direction was measured.',
    oneWay: 'What was rounded, cut or left out cannot be put back: it can only have gone this way.',
    equal: 'Equal numbers do not show which came first.',
    byLayer: 'Change by layer',
    unchanged: 'Every tensor is equal, to the last bit.',
    openLayers: 'Open layers',
    layer: 'layer',
  },
  cues: {
    kurtosis: 'Distance from Gaussian',
    norm: 'Squared norm',
    'cross-cumulants': 'Cross-cumulants',
  } satisfies Record<DirectionCue['cue'], string>,
  cueVerdicts: {
    forward: 'this direction',
    backward: 'the other direction',
    silent: 'silent',
  } satisfies Record<DirectionCue['verdict'], string>,
  measure: 'Measure',
  measures: {
    cosine: 'Cosine of weights',
    'relative-change': 'Relative change',
    'equal-fraction': 'Equal elements',
    rank: 'Rank of difference',
  } satisfies Record<MeasureName, string>,
  thisPair: 'This pair',
  thisTensor: 'This tensor',
  unrelatedPairs: 'Unrelated pairs',
  unrelated: 'unrelated pairs',
  sameRole: 'Same role, this pair',
  everyLayer: (value: string) => `${value} in every layer`,
  rankOf: (rank: string | number, most: number) => `${rank} of ${most}`,
  unknownValue: '–',
  changePlot: {
    title: 'Relative change of this pair beside its family and unrelated pairs',
    pair: 'this pair',
    family: 'same family',
    unrelated: 'unrelated pairs',
    where: 'Pair',
  },
  layerPlot: { title: 'Relative change by layer', layer: 'Layer', median: 'Median of its tensors' },
} as const

/** What stands before the name of the parent in a sentence about a relation: "Fine-tuned from". */
export function startOfSentence({ type, rank, directed }: Relation, dtype: string): string {
  if (type === 'copy') return 'The same numbers as'
  if (type === 'renamed') return 'The same numbers, under other names, as'
  if (!directed) return 'Related to'
  if (type === 'cast') return `Cast to ${dtype} from`
  if (type === 'quantized') return `Quantized to ${dtype} from`
  if (type === 'lora') return `A LoRA${ofRank(rank)}, merged, from`
  if (type === 'adapter') return `An adapter${ofRank(rank)} for`
  const starts: Partial<Record<Relation['type'], string>> = {
    'fine-tune': 'Fine-tuned from',
    continued: 'Trained further from',
    pruned: 'Pruned from',
    resized: 'Resized from',
    'layers-dropped': 'Layers dropped from',
    merge: 'Merged from',
  }
  return starts[type] ?? 'Comes from'
}

function ofRank(rank: number | null): string {
  return rank === null ? '' : ` of rank ${rank}`
}

/** Which of the signs speak for the direction, in one sentence: "Squared norm speaks for it; cross-cumulants are silent." */
export function cuesInWords(cues: readonly DirectionCue[]): string {
  const named = (verdict: DirectionCue['verdict']): string[] =>
    cues.filter((cue) => cue.verdict === verdict).map(({ cue }) => lowerFirst(relationWords.cues[cue]))
  const list = new Intl.ListFormat('en')
  const parts = [
    clause(named('forward'), 'speaks for it', 'speak for it'),
    clause(named('backward'), 'speaks against it', 'speak against it'),
    clause(named('silent'), 'is silent', 'are silent'),
  ].filter((part) => part !== '')
  const text = parts.join('; ')
  return text && `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

  function clause(names: readonly string[], one: string, many: string): string {
    if (names.length === 0) return ''
    const plural = names.length > 1 || (names[0]?.endsWith('s') === true && !names[0].endsWith('sis'))
    return `${list.format(names)} ${plural ? many : one}`
  }
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}
