import { describe, expect, test } from 'vitest'
import { mapRows } from '../../../src-renderer/ui/inspector/layers/map-rows.ts'
import { medianByLayer, scaleFor } from '../../../src-renderer/ui/inspector/layers/measures.ts'
import { firstTensor, mostChanged } from '../../../src-renderer/ui/inspector/layers/tensors.ts'
import { aPair, aRow } from './evidence.ts'

const pair = aPair([
  aRow('q', 0, { relativeChange: 0.01 }),
  aRow('q', 1, { relativeChange: 0.04, rank: 32, kurtosisA: -1, kurtosisB: -0.5 }),
  aRow('norm', 0, { equal: true, relativeChange: 0, rank: null, largestRank: null }),
  aRow('norm', 1, { equal: true, relativeChange: 0, rank: null, largestRank: null }),
  aRow('bias', 1, { relativeChange: 0.02, rank: null, largestRank: null }),
])
const unrelated = { mean: 1.41, deviation: 0.02 }
const measures = [{ measure: 'relative-change', value: 0.02, unrelated, sameRole: null }] as const

describe('the heatmap', () => {
  test('colours relative change from none to the most there is', () => {
    const [q] = mapRows(pair, 'relative-change', scaleFor('relative-change', pair.tensors, measures))
    expect(q!.cells.map(({ colour }) => colour)).toEqual(['var(--q2)', 'var(--q8)'])
    expect(q!.cells[1]!.text).toBe('4.00\u00a0%')
    expect(q!.median).toBe('2.50')
  })

  test('writes equal tensors as equal, whatever is measured', () => {
    for (const measure of ['relative-change', 'kurtosis', 'rank', 'equal-fraction'] as const) {
      const rows = mapRows(pair, measure, scaleFor(measure, pair.tensors, measures))
      expect(rows[1]!.cells.map(({ kind }) => kind)).toEqual(['equal', 'equal'])
      expect(rows[1]!.median).toBe('equal')
    }
  })

  test('tells a hole from a number that is not defined', () => {
    const bias = mapRows(pair, 'rank', scaleFor('rank', pair.tensors, measures))[2]!
    expect(bias.cells.map(({ kind }) => kind)).toEqual(['absent', 'undefined'])
    expect(bias.median).toBe('')
  })

  test('colours a rank by its share of full rank, and writes both', () => {
    const [q] = mapRows(pair, 'rank', scaleFor('rank', pair.tensors, measures))
    expect(q!.cells.map(({ text }) => text)).toEqual(['2 of 32', '32 of 32'])
    expect(q!.cells[1]!.colour).toBe('var(--q8)')
    expect(q!.median).toBe('17')
  })

  test('sets no change of kurtosis in the middle, and nearer to Gaussian on one side for either sign', () => {
    const scale = scaleFor('kurtosis', pair.tensors, measures)
    expect(scale.domain).toEqual([-0.5, 0.5])
    expect(scale.background).toBe(0)
    expect(scale.colour(0)).toBe('var(--d4)')
    const [q] = mapRows(pair, 'kurtosis', scale)
    expect(q!.cells.map(({ colour }) => colour)).toEqual(['var(--d2)', 'var(--d0)'])
    expect(q!.cells[1]!.text).toBe('−1.000 → −0.500')
  })

  test('marks the background of each measure', () => {
    expect(scaleFor('relative-change', pair.tensors, measures).background).toBe(1.41)
    expect(scaleFor('rank', pair.tensors, measures).background).toBe(1)
    expect(scaleFor('equal-fraction', pair.tensors, measures).background).toBeNull()
  })

  test('parts groups and finds the middle of each layer', () => {
    const rows = mapRows(pair, 'relative-change', scaleFor('relative-change', pair.tensors, measures))
    expect(rows.map(({ apart }) => apart)).toEqual([false, true, true])
    expect(medianByLayer('relative-change', pair)).toEqual([0.005, 0.02])
  })

  test('has a scale where nothing changed at all', () => {
    const same = [aRow('q', 0, { equal: true, relativeChange: 0, kurtosisB: 1 })]
    expect(scaleFor('relative-change', same, measures).colour(0)).toBe('var(--q0)')
    expect(scaleFor('kurtosis', same, measures).colour(0)).toBe('var(--d4)')
  })
})

test('what changed most comes first, what is equal not at all', () => {
  expect(mostChanged(pair, 2)).toEqual([1, 4])
  expect(mostChanged(pair, 9)).toEqual([1, 4, 0])
})

test('the first look is at the matrix that changed most in the layers, else anywhere', () => {
  const outside = aRow('embeddings', null, { relativeChange: 0.9 })
  const bias = aRow('bias', 0, { relativeChange: 0.5, rank: null })
  expect(firstTensor(aPair([outside, bias, aRow('q', 0)]))).toBe(2)
  expect(firstTensor(aPair([outside, bias]))).toBe(1)
  expect(firstTensor(aPair([outside, aRow('q', 0, { equal: true })]))).toBe(0)
  expect(firstTensor(aPair([]))).toBe(0)
})
