import type { Claim, ClaimVerdict } from '../../../src-main/contract/folders.ts'
import type { DirectionCue, MeasureName } from '../../../src-main/contract/evidence.ts'
import type { ModelKind, Relation } from '../../../src-main/contract/graph.ts'
import { count, grouped, percent } from '../../../src-main/contract/words.ts'
import type { LayerMeasure } from './layers/measures.ts'

const NBSP = '\u00a0'

const NAMES = {
  'model-card': 'The model card names',
  config: 'config.json names',
  'adapter-config': 'The adapter settings name',
  'merge-config': 'The merge settings name',
  'weights-metadata': 'The metadata in the weights names',
} satisfies Record<Claim['source'], string>

/** What inspector, layers, and declared against recovered say. */
export const words = {
  region: 'Inspector',
  nothing: {
    title: 'Nothing selected',
    note: 'Select a model, a line or the name of a family. Ctrl and click adds a second model to compare.',
    noFolder: 'No folder is open.',
    loading: 'Opening …',
    gone: 'It is no longer in this folder.',
  },
  answer: {
    loading: 'Comparing the fingerprints …',
    tensor: 'Comparing the tensor …',
    again: 'Try again',
    ghost: 'A missing ancestor is in no file: there are no weights to compare.',
  },

  model: {
    title: 'Model',
    ghost: 'Missing ancestor',
    kinds: { model: 'model', adapter: 'adapter', ghost: 'missing ancestor' } satisfies Record<ModelKind, string>,
    weights: 'Weights',
    kind: 'Kind',
    dtype: 'Data type',
    parameters: 'Parameters',
    tensors: 'Tensors',
    size: 'Size',
    hash: 'Content hash',
    path: 'Path',
    seen: 'Last seen',
    inferred: (children: number) => `Inferred from ${count(children, 'child', 'children')}; it is in no file.`,
    root: (family: string) => `The others of ${family} descend from it.`,
    unrelated: 'No relative found among the models of this folder.',
    unplaced: 'Related, but the weights do not show how it came about.',
    offline: (time: string) => `Its files are not there now. Last seen ${time}.`,
    parents: 'Comes from',
    children: 'Gave rise to',
    beside: 'Related, direction unknown',
    more: (hidden: number) => `${grouped(hidden)} more`,
    fewer: 'Fewer',
    reveal: 'Show the file',
    copyHash: 'Copy the hash',
    copied: 'Copied',
  },
  identify: {
    title: 'What is this model?',
    ask: 'Ask the library',
    note: 'Looks through every model that was ever read on this machine.',
    loading: 'Looking through the library …',
    nearest: 'Nearest models',
    cosine: 'Cosine',
    chance: 'By chance',
    none: 'Nothing in the library is kin to it.',
    same: 'same weights',
    background: 'unrelated models',
    zero: 'near 0',
    more: 'A small number under “By chance” means that unrelated models are hardly ever as alike.',
  },

  claim: {
    title: 'Claims',
    says: 'What the claims say',
    none: 'The files say nothing about its ancestry.',
    sources: {
      'model-card': 'model card',
      config: 'config.json',
      'adapter-config': 'adapter settings',
      'merge-config': 'merge settings',
      'weights-metadata': 'metadata in the weights',
    } satisfies Record<Claim['source'], string>,
    verdicts: { agrees: 'agrees', contradicts: 'contradicts', silent: 'silent' } satisfies Record<ClaimVerdict, string>,
    noName: 'none',
  },
  licence: {
    title: 'Licences that follow',
    model: 'Model',
    says: 'Its card says',
    sell: 'To sell with',
    unstated: 'nothing',
    uses: { allowed: 'allowed', terms: 'with terms', forbidden: 'not allowed', unknown: 'unknown' },
    stricter:
      'Along the recovered tree this model would inherit a non-commercial licence that its own card does not mention. An inference from weights, not a legal finding.',
    inferred: 'Follows from the recovered tree: an inference from weights, not a legal finding.',
  },

  relation: {
    title: 'Relation',
    place: (place: number, all: number) => `${grouped(place)} of ${grouped(all)}`,
    support: (share: number) => `support ${percent(share, NBSP)}`,
    direction: (share: number) => `direction ${percent(share, NBSP)}`,
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

  family: {
    title: 'Family',
    models: (models: number) => count(models, 'model'),
    descends: (root: string) => `Descends from ${root}.`,
    ghostRoot: 'Descends from an ancestor that is in no file.',
    unknownRoot: 'The weights do not show which model came first.',
    sure: (share: number) =>
      `The lines that leave it point away from it with a probability of at least ${percent(share, NBSP)}.`,
    size: 'Size',
    steps: 'Steps deep',
    members: 'Members',
    kind: 'Kind',
    type: 'Relations',
    kinds: { model: 'Models', adapter: 'Adapters', ghost: 'Missing ancestors' } satisfies Record<ModelKind, string>,
    ghosts: 'Missing ancestors',
    from: (children: number) => `from ${count(children, 'child', 'children')}`,
    unsure: 'Direction unknown',
    weak: 'Least sure lines',
    sureTitle: 'How sure',
    allSure: 'Every line has a support of at least 95 %, and every direction is known.',
    provisional: 'A scan is running: this may still change.',
  },

  several: {
    title: (models: number) => `${grouped(models)} models`,
    take: (model: string) => `Take ${model} out of the selection`,
    two: 'Select exactly two models to compare them layer by layer.',
    total: 'Together',
  },

  layers: {
    region: 'Layers',
    tensorRegion: 'Tensor',
    heatmap: (measure: string) => `${measure}, role by layer`,
    names: {
      'relative-change': 'Relative change',
      kurtosis: 'Kurtosis',
      rank: 'Rank of difference',
      'equal-fraction': 'Equal elements',
    } satisfies Record<LayerMeasure, string>,
    keys: 'Measure, keys 1 to 4',
    axis: 'layer',
    median: 'median',
    equal: 'equal',
    undefinedValue: 'not defined',
    noTensor: 'no tensor',
    legend: {
      'relative-change': '‖difference‖ ÷ ‖parent‖, %',
      kurtosis: 'distance from Gaussian, |excess kurtosis|: blue is nearer, orange farther',
      rank: 'rank above rounding noise, as a share of full rank',
      'equal-fraction': 'share of equal elements, %',
    } satisfies Record<LayerMeasure, string>,
    backgrounds: {
      'relative-change': (value: string) => `unrelated pairs ${value}`,
      kurtosis: () => 'no change',
      rank: () => 'unrelated pairs: full rank',
      'equal-fraction': (value: string) => `unrelated pairs ${value}`,
    } satisfies Record<LayerMeasure, (value: string) => string>,
    fromTo: (from: string, to: string) => `${from} → ${to}`,
    cell: (layer: number, role: string, value: string) => `layer ${layer}, ${role}: ${value}`,
    place: (layer: number, role: string) => `layer ${layer}, ${role}`,
    status: (layer: number, layers: number, role: string) => `Layer ${layer} of ${layers}, ${role}`,
    help: 'Arrow keys move, Enter opens, Tab to the lists and the tensor, 1 to 4 change the measure, Esc to the forest',
    outside: 'Outside the layers',
    most: 'Most changed',
    shape: 'Shape',
    unmatched: (tensors: number) => `${count(tensors, 'tensor')} without a counterpart of the same shape`,
    only: (model: string) => `only in ${model}`,
    noLayers: 'These models have no numbered layers; their tensors are listed below.',
    noTensors: 'No tensor of these models has a counterpart.',
    before: (layer: number) => `Layer ${layer}`,
    copy: 'Copy numbers',
    copied: 'Copied',
    both: (first: string, second: string) => `${first} and ${second}`,
    savePlot: 'Save plot',
    png: 'Picture (PNG)',
    svg: 'Picture (SVG)',
    chooseTensor: 'Choose a cell to see its tensor.',
  },
  tensor: {
    values: 'Values',
    strip: (spread: string) => `strip: child ÷ parent, ± ${spread}`,
    stripLabel: 'More or fewer values than in the parent',
    histogram: 'How many values have which size',
    size: 'size of a value',
    parent: 'parent',
    child: 'child',
    first: 'first',
    second: 'second',
    count: 'Values',
    spectrum: 'Spectrum of the difference',
    singular: 'singular value, by rank',
    singularValue: 'Singular value',
    place: 'Rank',
    above: (rank: number) => `${rank} above the noise`,
    noneAbove: 'none above the noise',
    drop: (times: string) => `a drop of ${times} times`,
    noise: (dtype: string) => `${dtype} rounding`,
    noiseAt: (value: string) => `noise, ≤ ${value}`,
    noHistogram: 'The values of both are not known in the same steps.',
    noSpectrum: 'Only a matrix has a spectrum.',
    measure: 'Measure',
    columns: { parent: 'Parent', child: 'Child', first: 'First', second: 'Second', difference: 'Difference' },
    rows: {
      mean: 'Mean',
      deviation: 'Standard deviation',
      kurtosis: 'Excess kurtosis',
      smallest: 'Smallest',
      largest: 'Largest',
      zeros: 'Zeros',
      broken: 'NaN or infinite',
    },
    background: 'Against its background',
    direction: 'Direction, this tensor alone',
    named: (name: string) => `In the other model: ${name}`,
  },

  claims: {
    region: 'Declared against recovered',
    declared: 'Declared',
    declaredFrom: 'model cards, adapter and merge settings, metadata in the weights',
    recovered: 'Recovered',
    recoveredFrom: 'from the weights alone',
    filter: 'Show',
    all: 'All',
    contradicts: 'Contradict',
    silent: 'Silent',
    agree: (models: number) => `agrees, ${grouped(models)}`,
    contradict: (models: number) => `contradicts, ${grouped(models)}`,
    silentKey: (models: number) => `silent, ${grouped(models)}: no claim, or it names a model not in this folder`,
    ghostKey: 'in no file',
    outer: 'oldest at the outer edges',
    row: (model: string, names: string, parents: string, verdict: string) =>
      `${model}: its files name ${names || 'no model'}; its weights show ${parents || 'no parent'}; ${verdict}`,
    status: {
      agrees: (models: number) => `${grouped(models)} agree`,
      contradicts: (models: number) => `${grouped(models)} contradict`,
      silent: (models: number) => `${grouped(models)} silent`,
    } satisfies Record<ClaimVerdict, (models: number) => string>,
    verdictTitles: {
      agrees: 'Agreement',
      contradicts: 'Contradiction',
      silent: 'Silent',
    } satisfies Record<ClaimVerdict, string>,
    names: (source: Claim['source'], model: string) => `${NAMES[source]} ${model}.`,
    saysNothing: 'Its files name no parent.',
    agreed: 'The weights agree.',
    agreedThrough: (parent: string) => `The weights agree that it descends from there, by way of ${parent}.`,
    consistent: (parent: string) => `The weights are consistent with ${parent}.`,
    noRelative: 'The weights show no parent in this folder.',
    nothing: 'Select a model to see what its files say and what its weights show.',
    none: 'No model here.',
    noClaims: 'No file in this folder says where its model comes from. The recovered trees stand alone.',
    openEvidence: 'Open evidence',
    copyText: 'Copy as text',
    before: 'The contradiction before',
    after: 'The next contradiction',
    declaredMark: 'declared',
    unrelatedRow: 'unrelated pairs',
    loading: 'Opening …',
  },
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
    cues.filter((cue) => cue.verdict === verdict).map(({ cue }) => lowerFirst(words.cues[cue]))
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

/** The reason of a relation without its sentence about support, where another says the same. */
export function withoutSupport(reason: string): string {
  return reason.replace(/ ?The link has a support of .+?\.(?= |$)/, '').trim()
}
