import { describe, expect, it } from 'vitest'
import { drive } from '../../src-main/engine/drive.ts'
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
})
