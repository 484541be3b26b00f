import { describe, expect, it } from 'vitest'
import type { Graph } from '../../../src-main/contract/graph.ts'
import { candidateParents } from '../../../src-main/heritage/evidence/alternatives.ts'
import { nearest, nearness } from '../../../src-main/heritage/evidence/identify.ts'
import { aGraph, aModel, aRelation } from '../../support/graphs.ts'
import { fingerprint, measure, simulator } from '../../support/simulate.ts'

describe('identify', () => {
  const make = simulator(3)
  const root = make.root()
  const near = make.fineTune(root, 0.1)
  const model = fingerprint('asked', root)

  it('ranks equal weights first, then kin, then strangers, and knows which is which', () => {
    const library = [
      fingerprint('stranger', make.root()),
      fingerprint('far', make.fineTune(root, 0.6)),
      fingerprint('twin', root, 'F32', (name) => `wrapped.${name}`),
      fingerprint('near', near),
    ]
    const found = nearest(model, library, 10)
    expect(found.map(({ id, equal, related }) => ({ id, equal, related }))).toEqual([
      { id: 'twin', equal: true, related: true },
      { id: 'near', equal: false, related: true },
      { id: 'far', equal: false, related: true },
      { id: 'stranger', equal: false, related: false },
    ])
    expect(found[1]!.pValue).toBeLessThan(1e-12)
    expect(found[3]!.pValue).toBeGreaterThan(1e-5)
    expect(nearest(model, library, 2).map(({ id }) => id)).toEqual(['twin', 'near'])
  })

  it('gives strangers p-values that are spread evenly', () => {
    const values = Array.from({ length: 40 }, () => nearness(model, fingerprint('x', make.root()))!.pValue)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    // The mean of 40 even draws: 0.5 ± 0.046.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.2)
    expect(Math.min(...values)).toBeGreaterThan(1e-6)
  })

  it('says nothing of another architecture', () => {
    const other = { id: 'other', tensors: [measure('w', new Float32Array(700).fill(1), [70, 10])] }
    expect(nearness(model, other)).toBeNull()
  })
})

describe('other parents to look at', () => {
  const family = (id: string): Graph['models'][number] => aModel(id, { family: 'family-1' })

  it('are the nearest models that do not descend from the child', () => {
    const models = [
      ...['root', 'parent', 'child', 'below', 'sibling'].map(family),
      aModel('ghost-1', { family: 'family-1', kind: 'ghost' }),
      aModel('adapter', { kind: 'adapter', family: 'family-1' }),
    ]
    const relations = [
      aRelation('root', 'parent'),
      aRelation('parent', 'child'),
      aRelation('child', 'below'),
      aRelation('parent', 'sibling'),
      aRelation('ghost-1', 'root'),
      aRelation('parent', 'adapter'),
    ]
    expect(candidateParents(aGraph(models, relations), { parent: 'parent', child: 'child' })).toEqual([
      'root',
      'sibling',
    ])
  })

  it('are few in any family, and an end even where relations run in a circle', () => {
    const ids = Array.from({ length: 100 }, (_, i) => `m${i}`)
    const relations = ids.map((id, i) => aRelation(id, ids[(i + 1) % 100]!, { directed: i % 2 === 0 }))
    const found = candidateParents(aGraph(ids.map(family), relations), { parent: 'm0', child: 'm1' })
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThanOrEqual(12)
  })
})
