import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decades, diverging, range, sequential } from '../../../src-renderer/ui/inspector/scales.ts'

describe('colours', () => {
  test('little is near the surface, most is the last of the ramp', () => {
    expect(sequential(0)).toBe('var(--q0)')
    expect(sequential(1)).toBe('var(--q8)')
    expect(sequential(0.5)).toBe('var(--q4)')
  })

  test('the background is the middle of the diverging ramp', () => {
    expect(diverging(0)).toBe('var(--d4)')
    expect(diverging(-1)).toBe('var(--d0)')
    expect(diverging(1)).toBe('var(--d8)')
  })

  test('what lies between two colours is mixed of neighbours', () => {
    expect(sequential(0.3)).toBe('color-mix(in oklab, var(--q3) 40%, var(--q2))')
  })

  test('every number has a colour of the ramp', () => {
    const colour = /^(var\(--[qd][0-8]\)|color-mix\(in oklab, var\(--[qd][0-8]\) \d{1,2}%, var\(--[qd][0-8]\)\))$/
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(sequential(value)).toMatch(colour)
        expect(diverging(value)).toMatch(colour)
      }),
    )
  })
})

describe('ticks', () => {
  test('decades lie inside and are few', () => {
    expect(decades(0.5, 2000)).toEqual([0, 1, 2, 3])
    expect(decades(1e-12, 1, 5).length).toBeLessThanOrEqual(5)
    expect(decades(1, 1)).toEqual([0])
  })

  test('ranges', () => {
    expect(range(-3, 3, 2)).toEqual([-3, -1, 1, 3])
    expect(range(2, 1)).toEqual([])
  })
})
