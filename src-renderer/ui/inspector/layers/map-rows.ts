import type { PairEvidence, TensorRow } from '../../../../src-main/contract/evidence.ts'
import { fixed } from '../numbers.ts'
import { words } from '../words.ts'
import { medianOf, medianRank, valueOf, type LayerMeasure, type Scale } from './measures.ts'

/** Longest bar of a median, in px. */
const LONGEST_BAR = 28

export interface MapCell {
  /** `equal`: to the last bit. `undefined`: the measure says nothing of it. `absent`: the layer has no such tensor. */
  readonly kind: 'value' | 'equal' | 'undefined' | 'absent'
  /** CSS; only of values. */
  readonly colour: string | null
  readonly text: string
}

export interface MapRow {
  readonly role: string
  /** True for the first row of a group that is not the first. */
  readonly apart: boolean
  readonly cells: readonly MapCell[]
  readonly median: string
  /** Length of the bar beside the median, in px. */
  readonly bar: number
}

/** What the heatmap of one measure shows, row by row. */
export function mapRows({ heatmap, tensors }: PairEvidence, measure: LayerMeasure, scale: Scale): MapRow[] {
  const most = Math.max(...scale.domain.map(Math.abs))
  return heatmap.roles.map(({ role, group, cells }, index) => {
    const rows = cells.flatMap((cell) => tensors[cell ?? -1] ?? [])
    const allEqual = rows.length > 0 && rows.every(({ equal }) => equal)
    const median = medianOf(measure, rows)
    const shown = allEqual ? null : median
    return {
      role,
      apart: index > 0 && heatmap.roles[index - 1]!.group !== group,
      cells: cells.map((cell) => cellOf(tensors[cell ?? -1], measure, scale)),
      median: allEqual ? words.layers.equal : shown === null ? '' : medianText(measure, rows, shown, scale),
      bar: shown === null ? 0 : (LONGEST_BAR * Math.abs(shown)) / most,
    }
  })
}

function cellOf(row: TensorRow | undefined, measure: LayerMeasure, scale: Scale): MapCell {
  if (!row) return { kind: 'absent', colour: null, text: words.layers.noTensor }
  if (row.equal) return { kind: 'equal', colour: null, text: words.layers.equal }
  const value = valueOf(measure, row)
  if (value === null) return { kind: 'undefined', colour: null, text: words.layers.undefinedValue }
  return { kind: 'value', colour: scale.colour(value), text: textOf(row, measure, value, scale) }
}

function textOf(row: TensorRow, measure: LayerMeasure, value: number, scale: Scale): string {
  if (measure === 'rank') return words.rankOf(row.rank!, row.largestRank!)
  if (measure === 'kurtosis') return words.layers.fromTo(fixed(row.kurtosisA!, 3), fixed(row.kurtosisB!, 3))
  return scale.text(value)
}

/** Of a rank the rank itself, not its share of full rank. */
function medianText(measure: LayerMeasure, rows: readonly TensorRow[], median: number, scale: Scale): string {
  return measure === 'rank' ? String(medianRank(rows)) : scale.number(median)
}
