import type { Claim, ClaimVerdict } from '../../../../src-main/contract/folders.ts'
import { grouped } from '../../../../src-main/contract/words.ts'

const NAMES = {
  'model-card': 'The model card names',
  config: 'config.json names',
  'adapter-config': 'The adapter settings name',
  'merge-config': 'The merge settings name',
  'weights-metadata': 'The metadata in the weights names',
} satisfies Record<Claim['source'], string>

/** What is said of claims, one by one and beside the recovered trees. */
export const claimsWords = {
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
