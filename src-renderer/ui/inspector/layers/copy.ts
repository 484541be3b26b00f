import type { TensorEvidence } from '../../../../src-main/contract/evidence.ts'
import { background, measured } from '../numbers.ts'
import { words } from '../words.ts'
import { numbersRows } from './tensor-rows.ts'

/** The numbers of one tensor as tab-separated text, for a spreadsheet or a letter. */
export function asText(tensor: TensorEvidence, directed: boolean): string {
  const { columns, measure } = words.tensor
  const models = directed ? [columns.parent, columns.child] : [columns.first, columns.second]
  const measures = tensor.measures.map(({ measure: name, value, unrelated, sameRole }) => [
    words.measures[name],
    value === null ? '' : measured(name, value),
    unrelated ? background(name, unrelated) : '',
    sameRole ? background(name, sameRole) : '',
  ])
  const lines = [
    [tensor.row.tensor],
    [measure, ...models, columns.difference],
    ...numbersRows(tensor),
    [words.tensor.background, words.thisTensor, words.unrelatedPairs, words.sameRole],
    ...measures,
    [tensor.sentence],
  ]
  return lines.map((line) => line.join('\t')).join('\n')
}
