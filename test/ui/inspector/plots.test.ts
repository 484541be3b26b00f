import { describe, expect, test } from 'vitest'
import { changeAxis } from '../../../src-renderer/ui/inspector/plots/change-scale.ts'
import { coarser, powersOfTwoUpTo, spectrumRange } from '../../../src-renderer/ui/inspector/plots/spectrum.ts'
import { ratioSpread, valueBins } from '../../../src-renderer/ui/inspector/plots/values.ts'

describe('the axis of changes', () => {
  const axis = changeAxis([0.0184, 0.001, 1.41], [8, 264])

  test('holds every change between its ends', () => {
    for (const change of [0, 0.001, 0.0184, 1.41]) {
      expect(axis.place(change)).toBeGreaterThanOrEqual(8)
      expect(axis.place(change)).toBeLessThanOrEqual(264)
    }
  })

  test('is logarithmic, with a unit at its ends', () => {
    expect(axis.place(0.1) - axis.place(0.01)).toBeCloseTo(axis.place(1) - axis.place(0.1))
    expect(axis.ticks.map(({ text }) => text)).toEqual(['0.1\u00a0%', '1', '10', '100\u00a0%'])
  })
})

describe('the histogram of values', () => {
  test('begins and ends with a value, and compares only bins that hold enough', () => {
    const bins = valueBins({ firstExponent: -6, a: [0, 10, 1000, 2000, 0], b: [0, 0, 1050, 1900, 0] })
    expect(bins.map(({ exponent }) => exponent)).toEqual([-5, -4, -3])
    expect(bins.map(({ ratio }) => ratio && Number(ratio.toFixed(3)))).toEqual([null, 0.05, -0.05])
  })

  test('rounds the spread of the ratios up to one digit', () => {
    const bin = { exponent: 0, a: 100, b: 100 }
    expect(ratioSpread([{ ...bin, ratio: -0.052 }])).toBe(0.06)
    expect(ratioSpread([{ ...bin, ratio: 0.05 }])).toBe(0.05)
    expect(ratioSpread([{ ...bin, ratio: null }])).toBe(0)
  })

  test('is empty where neither model holds a number', () => {
    expect(valueBins({ firstExponent: 0, a: [0], b: [0] })).toEqual([])
  })
})

describe('the spectrum', () => {
  test('leaves room for the words below the floor', () => {
    const [low, high] = spectrumRange([0.1, 0.002], 0.001)
    expect(low).toBeLessThan(0.001 / 10)
    expect(high).toBeGreaterThan(0.1)
  })

  test('does not follow numbers that are nothing but rounding of zero', () => {
    expect(spectrumRange([1, 1e-300], null)[0]).toBeGreaterThan(1e-9)
  })

  test('marks powers of four and the last rank', () => {
    expect(powersOfTwoUpTo(512)).toEqual([1, 4, 16, 64, 256, 512])
    expect(powersOfTwoUpTo(20)).toEqual([1, 4, 20])
    expect(powersOfTwoUpTo(1)).toEqual([1])
  })

  test('names the number format that rounds more', () => {
    expect(coarser(['F32', 'BF16'])).toBe('BF16')
    expect(coarser(['BF16', 'F32'])).toBe('BF16')
    expect(coarser(['F16', 'BF16'])).toBe('BF16')
  })
})
