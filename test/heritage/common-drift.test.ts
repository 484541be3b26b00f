import { describe, expect, it } from 'vitest'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import { simulateFamily, type SimulatedFamily } from '../support/forests.ts'

const ALIKE = { shape: 'star', members: 8, lowRank: 0, drift: 0.6, spread: 2, momentum: 0, decay: 0 } as const

function pairs(links: readonly { parent: number; child: number }[]): string[] {
  return links.map(({ parent, child }) => [parent, child].sort((a, b) => a - b).join('-')).sort()
}

function recover({ models }: SimulatedFamily) {
  return recoverHeritage(models).relations
}

describe('siblings trained alike', () => {
  it.each([1, 2, 3, 4])('are a star, and their reason says so (seed %i)', (seed) => {
    const family = simulateFamily(seed, ALIKE)
    const relations = recover(family)
    expect(pairs(relations)).toEqual(pairs(family.links))
    for (const { siblingCosine } of relations) expect(siblingCosine).toBeGreaterThan(0.3)
  })

  it.each([11, 12, 13, 14])('are not seen in chains and plain trees (seed %i)', (seed) => {
    const family = simulateFamily(seed, { ...ALIKE, shape: seed % 2 === 0 ? 'chain' : 'mixed', drift: 0 })
    const relations = recover(family)
    expect(pairs(relations)).toEqual(pairs(family.links))
    for (const { siblingCosine } of relations) expect(siblingCosine).toBeNull()
  })
})
