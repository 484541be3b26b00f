import { describe, expect, it } from 'vitest'
import type { Relation } from '../../../src-main/contract/graph.ts'
import { pairEvidence } from '../../../src-main/heritage/evidence/pair.ts'
import { rankParents } from '../../../src-main/heritage/evidence/alternatives.ts'
import { aRelation } from '../../support/graphs.ts'
import { fingerprint, simulator, throughStore, type Weights } from '../../support/simulate.ts'

const ALONE = { relation: null, alternatives: [] }

function pairOf(seed = 5) {
  const make = simulator(seed)
  const parent = make.root()
  const child = make.fineTune(parent, 0.2)
  return { make, parent, child, a: fingerprint('a', parent), b: fingerprint('b', child) }
}

/** ‖b − a‖ / ‖a‖ over some tensors, in float64. */
function relativeChange(a: Weights, b: Weights, wanted: (name: string) => boolean): number {
  let distance = 0
  let norm = 0
  for (const [name, values] of a) {
    if (!wanted(name)) continue
    values.forEach((value, i) => {
      distance += (b.get(name)![i]! - value) ** 2
      norm += value ** 2
    })
  }
  return Math.sqrt(distance / norm)
}

describe('the evidence of a pair', () => {
  it('measures each tensor as float64 does', () => {
    const { parent, child, a, b } = pairOf()
    const evidence = pairEvidence(a, b, ALONE)!
    expect(evidence.tensors).toHaveLength(parent.size)
    for (const row of evidence.tensors) {
      const truth = relativeChange(parent, child, (name) => name === row.tensor)
      // The sketch of a matrix of 96 × 48 has 64 × 48 cells: 1/√(2 · 3072) = 1.3 % of error, where it is not exact.
      expect(row.relativeChange! / truth).toBeGreaterThan(0.95)
      expect(row.relativeChange! / truth).toBeLessThan(1.05)
      expect(row.equal).toBe(false)
    }
  })

  it('puts every tensor in the table or outside of it, once', () => {
    const { a, b } = pairOf()
    const { heatmap, tensors } = pairEvidence(a, b, ALONE)!
    expect(heatmap.layers).toEqual([0, 1, 2])
    expect(heatmap.roles.map(({ role, group }) => [role, group])).toEqual([
      ['query', 'attention'],
      ['value', 'attention'],
      ['mlp', 'feed-forward'],
      ['norm', 'norms'],
    ])
    for (const { role, cells } of heatmap.roles) {
      cells.forEach((cell, layer) => expect(tensors[cell!]).toMatchObject({ role, layer }))
    }
    expect(heatmap.outside.map((position) => tensors[position]!.tensor)).toEqual(['embed.weight', 'head.weight'])
  })

  it('finds unrelated models where their backgrounds say', () => {
    const deviations: number[] = []
    for (let seed = 20; seed < 32; seed++) {
      const make = simulator(seed)
      const evidence = pairEvidence(fingerprint('a', make.root()), fingerprint('b', make.root()), ALONE)!
      expect([evidence.related, evidence.direction]).toEqual([false, []])
      expect(evidence.sentence).toContain('No relation found')
      for (const { measure, value, unrelated } of evidence.measures) {
        expect(value).not.toBeNull()
        if (measure === 'rank') expect(value).toBe(unrelated!.mean)
        else deviations.push((value! - unrelated!.mean) / (unrelated!.deviation || 1))
      }
    }
    // Standard scores: none far out, and spread as they should be (36 of them, χ² within its 99.9 % bounds).
    expect(Math.max(...deviations.map(Math.abs))).toBeLessThan(5)
    const scores = deviations.filter((score) => score !== 0)
    const spread = Math.sqrt(scores.reduce((sum, score) => sum + score * score, 0) / scores.length)
    expect(spread).toBeGreaterThan(0.5)
    expect(spread).toBeLessThan(1.6)
  })

  it('shows the rank of a merged LoRA, and what it left alone', () => {
    const { make, parent, a } = pairOf()
    const evidence = pairEvidence(a, fingerprint('b', make.lora(parent, 3, 0.3)), ALONE)!
    for (const row of evidence.tensors) {
      const changed = /query|value/.test(row.tensor)
      if (row.layer === null) continue
      expect(row).toMatchObject(
        changed ? { rank: 3, largestRank: 48, equal: false } : { equal: true, equalFraction: 1 },
      )
    }
    expect(evidence.detail).toMatch(/\d+ of 14 tensors are equal to the last bit\.$/)
  })

  it('has no sign of a direction where nothing differs', () => {
    const { a } = pairOf()
    expect(pairEvidence(a, { ...a, id: 'twin' }, ALONE)!.direction).toEqual([])
  })

  it('is silent about kurtosis after long training', () => {
    const { make, parent, a } = pairOf()
    const far = fingerprint('b', make.fineTune(parent, 1))
    const kurtosis = pairEvidence(a, far, ALONE)!.direction.find(({ cue }) => cue === 'kurtosis')
    expect(kurtosis).toMatchObject({ verdict: 'silent' })
  })

  it('shows the numbers of a recovered relation as they were recovered, and only that way round', () => {
    const { a, b } = pairOf()
    const relation: Relation = aRelation('a', 'b', { relativeChange: 0.123, cosine: 0.456 })
    const value = (evidence: ReturnType<typeof pairEvidence>, measure: string) =>
      evidence!.measures.find((one) => one.measure === measure)!.value
    const forward = pairEvidence(a, b, { relation, alternatives: [] })
    expect([value(forward, 'relative-change'), value(forward, 'cosine')]).toEqual([0.123, 0.456])
    expect(forward!.detail).toContain(relation.reason)
    expect(value(pairEvidence(b, a, { relation, alternatives: [] }), 'relative-change')).not.toBe(0.123)
  })

  it('names what speaks against a relation', () => {
    const { a, b } = pairOf()
    const relation = aRelation('b', 'a', { relativeChange: 0.2 })
    const nearer = { model: 'other', support: null, relativeChange: 0.1 }
    const { detail, sentence } = pairEvidence(b, a, { relation, alternatives: [nearer] })!
    expect(sentence).toBe('a is consistent with a fine-tune of b.')
    expect(detail).toContain('Against it: other lies nearer.')
    expect(detail).toContain('Against the direction: the squared norm, kurtosis.')
  })

  it('sees a cast as the same numbers: no sign of the direction', () => {
    const { parent, a } = pairOf()
    const cast = fingerprint('b', throughStore(parent, 'BF16'), 'BF16')
    const evidence = pairEvidence(a, cast, ALONE)!
    expect(evidence.direction).toEqual([])
    expect(evidence.tensors.every(({ rank }) => rank === null || rank === 0)).toBe(true)
  })

  it('names tensors without a counterpart, on their side', () => {
    const { parent, a } = pairOf()
    const { 'head.weight': _, ...rest } = Object.fromEntries(parent)
    const evidence = pairEvidence(a, fingerprint('b', new Map(Object.entries(rest))), ALONE)!
    expect(evidence.unmatched).toEqual([{ model: 'a', tensor: 'head.weight' }])
  })

  it('is nothing for two architectures', () => {
    const { parent, a } = pairOf()
    const other = fingerprint('b', new Map([['head.weight', parent.get('head.weight')!]]), 'F32', () => 'alien')
    expect(pairEvidence(a, { ...other, tensors: [{ ...other.tensors[0]!, shape: [48, 5] }] }, ALONE)).toBeNull()
  })

  it('crosses as JSON without loss, NaN and infinities included', () => {
    const { parent, a } = pairOf()
    const broken = new Map(parent)
    broken.set(
      'layers.1.query.weight',
      parent.get('layers.1.query.weight')!.map((_, i) => (i % 2 ? NaN : Infinity)),
    )
    broken.set('layers.2.norm.weight', new Float32Array(48))
    const evidence = pairEvidence(fingerprint('x', broken), a, ALONE)!
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  })
})

describe('other parents', () => {
  it('come nearest first, with the change that each would have', () => {
    const { make, parent, child } = pairOf()
    const sibling = make.fineTune(parent, 0.3)
    const alien = make.root()
    const found = rankParents(fingerprint('child', child), [
      fingerprint('alien', alien),
      fingerprint('sibling', sibling),
      fingerprint('parent', parent),
    ])
    expect(found.map(({ model }) => model)).toEqual(['parent', 'sibling', 'alien'])
    const truth = relativeChange(sibling, child, (name) => /layers/.test(name))
    expect(found[1]!.relativeChange / truth).toBeCloseTo(1, 1)
  })

  it('are none where nothing can be compared', () => {
    expect(rankParents(pairOf().a, [])).toEqual([])
  })
})
