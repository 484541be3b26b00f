import { describe, expect, test } from 'vitest'
import { grouped } from '../../src-main/contract/words.ts'
import { bytesApart, durationApart, moment, sentence } from '../../src-renderer/ui/format.ts'
import { curvePath } from '../../src-renderer/ui/scan/curve.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test('bytes come apart into a number of three digits and a unit', () => {
  expect(bytesApart(2_469_600_000)).toEqual(['2.47', 'GB'])
  expect(bytesApart(0)).toEqual(['0', 'B'])
})

test('a message of the engine becomes a sentence', () => {
  expect(sentence('expected a value')).toBe('Expected a value.')
  expect(sentence('It ended early.')).toBe('It ended early.')
  expect(sentence('a name with\na line')).toBe('A name with␊a line.')
})

test('whole numbers stand in groups of three', () => {
  expect(plain(grouped(1_203_765_248))).toBe('1 203 765 248')
  expect(grouped(214)).toBe('214')
})

test('a duration is said in the unit a person would take', () => {
  expect(durationApart(0)).toEqual(['1', 's'])
  expect(durationApart(11.2)).toEqual(['11', 's'])
  expect(durationApart(59.7)).toEqual(['1', 'min'])
  expect(durationApart(7500)).toEqual(['2:05', 'h'])
})

describe('a moment', () => {
  const now = new Date(2026, 10, 27, 16, 0)
  const at = (...date: [number, number, number, number, number]): string =>
    plain(moment(new Date(...date).toISOString(), now))

  test('is told by day and hour while it is near', () => {
    expect(at(2026, 10, 27, 9, 41)).toBe('today, 09:41')
    expect(at(2026, 10, 26, 23, 59)).toBe('yesterday, 23:59')
    expect(at(2026, 10, 3, 18, 2)).toBe('3 Nov, 18:02')
  })
  test('loses its hour in another year', () => {
    expect(at(2025, 11, 31, 18, 2)).toBe('31 Dec 2025')
  })
  test('is shown as it came where it is none', () => {
    expect(moment('soon', now)).toBe('soon')
  })
})

describe('the curve of rates', () => {
  const size = { width: 100, height: 40, span: 1000, most: 4 }

  test('has now at the right and the fastest at the top', () => {
    const rates = [
      { at: 500, bytesPerSecond: 4 },
      { at: 1000, bytesPerSecond: 1 },
    ]
    expect(curvePath(rates, size)).toBe('M50.0 0.0L100.0 30.0')
  })
  test('is nothing before there are two points, or any byte', () => {
    expect(curvePath([{ at: 0, bytesPerSecond: 1 }], size)).toBe('')
    expect(curvePath([], size)).toBe('')
    expect(
      curvePath(
        [
          { at: 0, bytesPerSecond: 0 },
          { at: 1, bytesPerSecond: 0 },
        ],
        { ...size, most: 0 },
      ),
    ).toBe('')
  })
})
