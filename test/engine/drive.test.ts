import { describe, expect, it, vi } from 'vitest'
import { drive } from '../../src-main/engine/drive.ts'
import type { PairEngine } from '../../src-main/fingerprint/pairs.ts'
import { squaredDistances } from '../../src-main/heritage/pairwise.ts'
import type { Steps } from '../../src-main/heritage/steps.ts'

/** Steps that take a millisecond each. */
function* count(to: number): Steps<string, number> {
  for (let i = 1; i <= to; i++) {
    for (const until = performance.now() + 1; performance.now() < until;);
    yield i
  }
  return 'done'
}

describe('drive', () => {
  it('does all steps and tells now and then how far it is', async () => {
    const seen: number[] = []
    expect(await drive(count(200), undefined, (pause) => seen.push(pause))).toBe('done')
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.length).toBeLessThan(200)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  })

  it('lets a timer through, whose signal stops the work', async () => {
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough')), 60)
    await expect(drive(count(60_000), abort.signal)).rejects.toThrow('enough')
  })

  describe('with an engine for pairs', () => {
    /** Enough of them that it pays to ask. */
    const rows = Array.from({ length: 300 }, (_, i) => new Float32Array(1024).fill(i))
    const squares = (a: number, b: number): number => 1024 * (a - b) ** 2
    const engine = (measure: PairEngine['measure']) => ({ measure: vi.fn(measure) })
    const sum = async (pairs: PairEngine | null, signal?: AbortSignal): Promise<number> => {
      let total = 0
      const twice = function* (): Steps {
        for (let i = 0; i < 2; i++) yield* squaredDistances(rows, rows, (_i, _j, distance) => (total += distance))
      }
      await drive(twice(), signal, undefined, pairs)
      return total
    }

    it('takes its answers', async () => {
      const ones = engine(({ rows, others }) => Promise.resolve(new Float64Array(rows.length * others.length).fill(1)))
      expect(await sum(ones)).toBe(300 * 299)
      expect(ones.measure).toHaveBeenCalledTimes(2)
    })

    it('does without one that failed, and without any', async () => {
      const failing = engine(() => Promise.reject(new Error('lost')))
      const expected = rows.reduce((total, _, i) => {
        for (let j = 0; j < i; j++) total += 2 * squares(i, j)
        return total
      }, 0)
      expect(await sum(failing)).toBe(expected)
      expect(failing.measure).toHaveBeenCalledTimes(1)
      expect(await sum(null)).toBe(expected)
    })

    it('stops after the answer when its signal was aborted meanwhile', async () => {
      const abort = new AbortController()
      const slow = engine(() => {
        abort.abort(new Error('enough'))
        return Promise.resolve(new Float64Array(rows.length ** 2))
      })
      await expect(sum(slow, abort.signal)).rejects.toThrow('enough')
      expect(slow.measure).toHaveBeenCalledTimes(1)
    })
  })
})
