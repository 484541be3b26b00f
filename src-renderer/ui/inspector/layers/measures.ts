import { median } from 'd3-array'
import type { Measured, PairEvidence, TensorRow } from '../../../../src-main/contract/evidence.ts'
import { background, inPercent, share, short, signed } from '../numbers.ts'
import { diverging, sequential, ticks } from '../scales.ts'

/** In the order of the keys 1 to 4. */
export const LAYER_MEASURES = ['relative-change', 'kurtosis', 'rank', 'equal-fraction'] as const
export type LayerMeasure = (typeof LAYER_MEASURES)[number]

/** What a number of the heatmap means, how it is coloured and how it is written. */
export interface Scale {
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
  /** What unrelated pairs give, or no change at all; null where it is not known or not in one number. */
  readonly background: number | null
  readonly backgroundText: string
  colour(value: number): string
  /** `%` or nothing. */
  readonly unit: string
  /** With its unit. */
  text(value: number): string
  /** The same without. */
  number(value: number): string
  /** As a tick of the legend, without its unit. */
  tick(value: number): string
}

/**
 * The number that a measure colours a tensor by; null where it is not defined. A rank counts as a share of full rank,
 * kurtosis by the change of the distance from Gaussian.
 */
export function valueOf(measure: LayerMeasure, row: TensorRow): number | null {
  if (measure === 'relative-change') return row.relativeChange
  if (measure === 'rank') return row.rank === null || !row.largestRank ? null : row.rank / row.largestRank
  if (measure === 'equal-fraction') return row.equalFraction
  return row.kurtosisA === null || row.kurtosisB === null ? null : Math.abs(row.kurtosisB) - Math.abs(row.kurtosisA)
}

/** Middle of the defined numbers; null where there is none. */
export function medianOf(measure: LayerMeasure, rows: readonly TensorRow[]): number | null {
  return median(rows.flatMap((row) => valueOf(measure, row) ?? [])) ?? null
}

/** Middle of the defined ranks, 0 where there is none. */
export function medianRank(rows: readonly TensorRow[]): number {
  return Math.round(median(rows.flatMap(({ rank }) => rank ?? [])) ?? 0)
}

/** `medianOf` for each layer. */
export function medianByLayer(measure: LayerMeasure, { heatmap, tensors }: PairEvidence): (number | null)[] {
  return heatmap.layers.map((_, column) => {
    const rows = heatmap.roles.flatMap(({ cells }) => tensors[cells[column] ?? -1] ?? [])
    return medianOf(measure, rows)
  })
}

/**
 * The scale of a measure over the tensors of a pair. Change, rank and equal elements grow from 0; the change of kurtosis
 * has no change in its middle.
 */
export function scaleFor(measure: LayerMeasure, rows: readonly TensorRow[], measures: readonly Measured[]): Scale {
  const values = rows.flatMap((row) => valueOf(measure, row) ?? [])
  if (measure === 'kurtosis') return kurtosisScale(values)
  const unrelated = measures.find((one) => one.measure === measure)?.unrelated ?? null
  const most = {
    'relative-change': Math.max(...values, 0) || 0.01,
    rank: 1,
    'equal-fraction': 1,
  }[measure]
  const domain = [0, most] as const
  return {
    domain,
    ticks: ticks(domain, 3),
    background: measure === 'rank' ? 1 : (unrelated?.mean ?? null),
    backgroundText: unrelated ? background(measure, unrelated) : '',
    colour: (value) => sequential(value / most),
    unit: '%',
    text: share,
    number: inPercent,
    tick: (value) => short(100 * value),
  }
}

function kurtosisScale(values: readonly number[]): Scale {
  const most = Math.max(...values.map(Math.abs), 0) || 0.01
  const decimals = Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(most))))
  const text = (value: number): string => signed(value, decimals)
  return {
    domain: [-most, most],
    ticks: ticks([-most, most], 3),
    background: 0,
    backgroundText: '0',
    colour: (value) => diverging(value / most),
    unit: '',
    text,
    number: text,
    tick: (value) => `${value > 0 ? '+' : ''}${short(value)}`,
  }
}
