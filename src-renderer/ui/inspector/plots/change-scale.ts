import { scaleLog } from 'd3-scale'
import type { Background } from '../../../../src-main/contract/evidence.ts'
import { short } from '../numbers.ts'
import { decades, range } from '../scales.ts'

/** Smallest relative change that is told from none, 0.01 %: less is drawn at the left end. */
const LEAST = 1e-4

export interface ChangeAxis {
  readonly place: (change: number) => number
  readonly ticks: readonly { readonly x: number; readonly text: string }[]
}

/** A logarithmic axis of relative changes, wide enough for every one of them. */
export function changeAxis(changes: readonly number[], [left, right]: readonly [number, number]): ChangeAxis {
  const seen = changes.map((change) => Math.max(change, LEAST))
  const low = Math.min(...seen, 0.01) / 1.3
  const high = Math.max(...seen, 1) * 1.3
  const scale = scaleLog().domain([low, high]).range([left, right])
  const powers = decades(low, high)
  const ends = [powers[0], powers.at(-1)]
  return {
    place: (change) => scale(Math.max(change, low)),
    ticks: powers.map((power) => {
      const percent = short(100 * 10 ** power)
      return { x: scale(10 ** power), text: ends.includes(power) ? `${percent}\u00a0%` : percent }
    }),
  }
}

/** Outline of a bell on a base line: what unrelated pairs give, at least wide enough to be seen. */
export function bell(axis: ChangeAxis, { mean, deviation }: Background, base: number, height: number): string {
  const middle = axis.place(mean)
  const spread = Math.max(1.5, (axis.place(mean + deviation) - axis.place(Math.max(mean - deviation, LEAST))) / 2)
  const points = range(-3, 3, 0.25).map((step) => {
    const y = base - height * Math.exp((-step * step) / 2)
    return `${(middle + step * spread).toFixed(1)} ${y.toFixed(1)}`
  })
  return `M${points.join('L')}Z`
}
