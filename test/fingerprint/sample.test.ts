import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SAMPLE_SIZE } from '../../src-main/fingerprint/constants.ts'
import { samplePositions } from '../../src-main/fingerprint/sample.ts'
import { measure, measurers } from '../support/kernels.ts'
import { bytesOf, random } from './support.ts'

const count = fc.oneof(fc.nat(5000), fc.nat(10 ** 7), fc.maxSafeNat())

describe('sample positions', () => {
  it('are all positions of a small tensor', () => {
    expect([...samplePositions(2 * SAMPLE_SIZE - 1)]).toEqual(Array.from({ length: 2 * SAMPLE_SIZE - 1 }, (_, i) => i))
    expect(samplePositions(0).length).toBe(0)
  })

  it('stay as they were documented', () => {
    expect([...samplePositions(2048).subarray(0, 6)]).toEqual([1, 2, 5, 7, 9, 11])
    expect([...samplePositions(1_000_000).subarray(0, 6)]).toEqual([355, 758, 1225, 1630, 2442, 3036])
    expect(samplePositions(1_000_000).length).toBe(1953)
  })

  it('are ascending, inside, at least SAMPLE_SIZE and at most twice as many', () => {
    fc.assert(
      fc.property(count, (n) => {
        const positions = samplePositions(n)
        expect(positions.length).toBeGreaterThanOrEqual(Math.min(n, SAMPLE_SIZE))
        expect(positions.length).toBeLessThanOrEqual(2 * SAMPLE_SIZE)
        positions.forEach((at, i) => expect(at > (positions[i - 1] ?? -1) && at < n).toBe(true))
      }),
    )
  })

  it('nest: what a longer tensor samples of the length of a shorter one, the shorter one samples too', () => {
    fc.assert(
      fc.property(count, count, (a, b) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)]
        const finer = new Set(samplePositions(short))
        for (const at of samplePositions(long)) if (at < short) expect(finer.has(at)).toBe(true)
      }),
    )
  })

  it('are spread over the places within their blocks', () => {
    const offsets = new Set([...samplePositions(SAMPLE_SIZE * 64)].map((at) => at % 64))
    expect(offsets.size).toBe(64)
  })
})

describe.each(measurers(1024 * 8))('element sample, %s', (_, measurer) => {
  it.each([
    ['BF16', 2],
    ['U8', 1],
    ['F32', 4],
    ['I64', 8],
  ] as const)('keeps %s elements bit by bit', (dtype, size) => {
    const next = random(size)
    for (const elements of [1, 77, 2047, 50_001]) {
      const bytes = Uint8Array.from({ length: elements * size }, () => next() * 256)
      const wanted = [...samplePositions(elements)].flatMap((at) => [...bytes.subarray(at * size, (at + 1) * size)])
      expect(measure(measurer, dtype, [elements], bytesOf(bytes)).sample).toEqual(Uint8Array.from(wanted))
    }
  })
})
