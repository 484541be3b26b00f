import { describe, expect, test } from 'vitest'
import {
  background,
  decimalsOfError,
  fixed,
  inPercent,
  measured,
  power,
  powerOfTwo,
  shape,
  share,
  short,
  signed,
  significant,
} from '../../../src-renderer/ui/inspector/numbers.ts'

/** With plain spaces, which are easier to compare. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('numbers', () => {
  test('have a true minus, and none before zero', () => {
    expect(fixed(-0.0051, 3)).toBe('−0.005')
    expect(fixed(-0.0001, 3)).toBe('0.000')
    expect(signed(0.034, 3)).toBe('+0.034')
    expect(signed(0, 3)).toBe('0.000')
  })

  test.each([
    [0, '0'],
    [0.01531, '0.0153'],
    [4.812, '4.81'],
    [99.96, '100'],
    [-0.000021, '−2.1 × 10⁻⁵'],
    [1_234_567, '1.2 × 10⁶'],
  ])('%d has three digits: %s', (value, text) => {
    expect(plain(significant(value))).toBe(text)
  })

  test.each([
    [0, '0 %'],
    [0.0231, '2.31 %'],
    [0.184, '18.4 %'],
    [1.41, '141 %'],
    [0.9996, '100 %'],
    [0.00172, '0.172 %'],
    [-0.03, '−3.00 %'],
  ])('a share of %d is %s', (value, text) => {
    expect(plain(share(value))).toBe(text)
  })

  test('a share that is almost nothing is not written as nothing', () => {
    expect(plain(inPercent(1e-9))).toBe('1.0 × 10⁻⁷')
  })

  test('round numbers on axes are short', () => {
    expect([0.5, 1, -0.05, 0.1 + 0.2].map(short)).toEqual(['0.5', '1', '−0.05', '0.3'])
  })

  test('powers', () => {
    expect([-3, -1, 0, 1, 6].map(power)).toEqual(['10⁻³', '0.1', '1', '10', '10⁶'])
    expect(powerOfTwo(-12)).toBe('2⁻¹²')
  })

  test('shapes', () => {
    expect(plain(shape([512, 2048]))).toBe('512 × 2048')
    expect(plain(shape([128256, 2048]))).toBe('128 256 × 2048')
    expect(shape([])).toBe('1')
  })

  test('a number has as many decimals as its error tells', () => {
    expect(decimalsOfError(0.0011)).toBe(3)
    expect(decimalsOfError(2)).toBe(0)
  })

  test('measures and what unrelated pairs give for them', () => {
    expect(measured('cosine', 0.99982)).toBe('0.9998')
    expect(measured('rank', 16)).toBe('16')
    expect(plain(background('relative-change', { mean: 1.41, deviation: 0.02 }))).toBe('141 ± 2 %')
    expect(plain(background('cosine', { mean: 0, deviation: 0.004 }))).toBe('0.000 ± 0.004')
    expect(plain(background('equal-fraction', { mean: 0.002, deviation: 0 }))).toBe('0.2 %')
    expect(plain(background('rank', { mean: 512, deviation: 0 }))).toBe('512')
  })
})
