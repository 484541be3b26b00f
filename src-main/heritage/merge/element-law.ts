import { beyondChance } from './common-ratio.ts'
import { tolerance, type Change } from './elements.ts'

/**
 * Values that a law allows must be so many tolerances apart where it is put to the test: what lies beside one, within three
 * tolerances, is then outside the window of every other.
 */
const APART = 4
/** Share of the changed elements that a law must explain: rounding loses one in 3,000, a wrong law loses more than one in ten. */
const FITTING = 0.99

/** What each subset of the parents adds to the base where it was kept: by subset (one bit a parent), a factor a parent. */
export type Law = readonly (readonly number[])[]

/** Random drops: what was kept is added up (DARE, Yu et al. 2024). */
export function sumLaw(factors: readonly number[]): Law {
  return subsetsOf(factors.length).map((subset) => factors.map((factor, i) => (subset[i] ? factor : 0)))
}

/** Trimmed to the elected sign: the weighted mean of what was kept (TIES, Yadav et al. 2023). */
export function meanLaw(scale: number, weights: readonly number[]): Law {
  return subsetsOf(weights.length).map((subset) => {
    const total = weights.reduce((sum, weight, i) => sum + (subset[i] ? weight : 0), 0)
    return weights.map((weight, i) => (subset[i] ? (scale * weight) / total : 0))
  })
}

function subsetsOf(parents: number): boolean[][] {
  return Array.from({ length: 2 ** parents }, (_, bits) =>
    Array.from({ length: parents }, (_, i) => ((bits >> i) & 1) === 1),
  )
}

/** What a law explains of the elements that can tell: those where the values that it allows are well apart. */
export interface Explained {
  readonly unchanged: number
  readonly missed: number
  /** By subset of the parents: the elements that have its value, and those beside it. The first, of none, stays 0. */
  readonly bySubset: readonly number[]
  readonly beside: readonly number[]
}

/**
 * Holds a law against a model.
 *
 * @param vectors parent − base, for each parent
 */
export function explain(law: Law, change: Change, vectors: readonly Float64Array[]): Explained {
  let missed = 0
  const bySubset = law.map(() => 0)
  const beside = law.map(() => 0)
  const allowed = new Float64Array(law.length)
  const allowance = new Float64Array(law.length)
  for (const [e, step] of change.step.entries()) {
    if (Number.isNaN(step)) continue
    law.forEach((factors, subset) => {
      let sum = 0
      let terms = 0
      for (let i = 0; i < factors.length; i++) {
        const term = factors[i]! * vectors[i]![e]!
        sum += term
        terms += Math.abs(term)
      }
      allowed[subset] = sum
      allowance[subset] = tolerance(change, e, terms)
    })
    if (!(smallestGap(allowed) > APART * Math.max(...allowance))) continue
    const subset = allowed.findIndex((value, s) => Math.abs(step - value) <= allowance[s]!)
    if (subset >= 0) {
      bySubset[subset]!++
      continue
    }
    missed++
    const near = allowed.findIndex((value, s) => Math.abs(step - value) <= 3 * allowance[s]!)
    if (near > 0) beside[near]!++
  }
  return { unchanged: bySubset[0]!, missed, bySubset: bySubset.with(0, 0), beside }
}

function smallestGap(values: Float64Array): number {
  const sorted = values.slice().sort()
  let gap = Infinity
  for (let i = 1; i < sorted.length; i++) gap = Math.min(gap, sorted[i]! - sorted[i - 1]!)
  return gap
}

/**
 * Whether almost all changed elements have a value that the law allows, and more than by chance that of several parents
 * together. Without that, the children of a model could pass for its parents: each is exact where it was not trained.
 */
export function holds({ missed, bySubset, beside }: Explained): boolean {
  const explained = bySubset.reduce((sum, count) => sum + count, 0)
  if (explained < FITTING * (explained + missed)) return false
  const parents = Array.from({ length: Math.log2(bySubset.length) }, (_, i) => 1 << i)
  return parents.every((parent) => {
    const together = (counts: readonly number[]): number =>
      counts.reduce((sum, count, subset) => sum + (subset & parent && subset !== parent ? count : 0), 0)
    return beyondChance(together(bySubset), together(beside)) > 0
  })
}

/** Share of the explained elements in which a parent takes part. */
export function keptShare({ unchanged, bySubset }: Explained, parent: number): number {
  const kept = bySubset.reduce((sum, count, subset) => sum + ((subset >> parent) & 1) * count, 0)
  return kept / bySubset.reduce((sum, count) => sum + count, unchanged)
}
