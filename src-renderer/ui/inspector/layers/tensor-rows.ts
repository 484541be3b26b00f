import type { TensorEvidence, TensorNumbers } from '../../../../src-main/contract/evidence.ts'
import { grouped } from '../../../../src-main/contract/words.ts'
import { fixed, significant } from '../numbers.ts'
import { words } from '../words.ts'

/** A measure and what it is in both models and in their difference; empty where it is not known. */
export type NumbersRow = readonly [name: string, a: string, b: string, difference: string]

type Part = Partial<TensorNumbers>

const ROWS: readonly (readonly [name: string, text: (numbers: Part) => string])[] = [
  [words.tensor.rows.mean, ({ mean }) => text(mean, (value) => significant(value, 2))],
  [words.tensor.rows.deviation, ({ deviation }) => text(deviation, (value) => significant(value, 4))],
  [words.tensor.rows.kurtosis, ({ excessKurtosis }) => text(excessKurtosis, (value) => fixed(value, 3))],
  [words.tensor.rows.smallest, ({ smallest }) => text(smallest, (value) => significant(value, 3))],
  [words.tensor.rows.largest, ({ largest }) => text(largest, (value) => significant(value, 3))],
  [words.tensor.rows.zeros, ({ zeros }) => text(zeros, grouped)],
  [words.tensor.rows.broken, broken],
]

/** The numbers of one tensor, as its table and its copy have them. */
export function numbersRows({ a, b, difference }: TensorEvidence): NumbersRow[] {
  return ROWS.map(([name, write]): NumbersRow => [name, write(a), write(b), write(difference)])
}

function broken({ nan, infinite }: Part): string {
  return nan === undefined || infinite === undefined ? '' : grouped(nan + infinite)
}

function text(value: number | null | undefined, write: (value: number) => string): string {
  return value == null ? '' : write(value)
}
