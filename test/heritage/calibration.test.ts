import { beforeAll, describe, expect, it } from 'vitest'
import { simulateFamily } from '../support/forests.ts'
import { claimsOn, shareRight, type Claim, type Claims } from '../support/reliability.ts'

// Seeds of their own: nothing was fitted to these families.
const FIRST = 9000
const FAMILIES = 80

describe('supports on simulated families', () => {
  let claims: Claims
  beforeAll(() => {
    claims = claimsOn(Array.from({ length: FAMILIES }, (_, i) => simulateFamily(FIRST + i)))
  }, 600_000)

  const atLeast = (all: readonly Claim[], from: number, to = Infinity): Claim[] =>
    all.filter(({ support }) => support >= from && support < to)

  it.each(['links', 'directions'] as const)('of at least 95 %% are right 95 %% of the time (%s)', (kind) => {
    const sure = atLeast(claims[kind], 0.95)
    expect(sure.length).toBeGreaterThan(claims[kind].length / 2)
    expect(shareRight(sure)).toBeGreaterThanOrEqual(0.95)
  })

  it.each(['links', 'directions'] as const)('of less are right less often (%s)', (kind) => {
    const unsure = atLeast(claims[kind], 0, 0.8)
    expect(unsure.length).toBeGreaterThan(10)
    expect(shareRight(unsure)).toBeLessThan(0.85)
  })
})
