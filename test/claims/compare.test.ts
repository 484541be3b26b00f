import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareClaims } from '../../src-main/claims/compare.ts'
import { matchName } from '../../src-main/claims/match.ts'
import type { Statement } from '../../src-main/claims/types.ts'
import type { Graph, GraphModel } from '../../src-main/contract/graph.ts'
import { aGraph, aModel, aRelation } from '../support/graphs.ts'

const inFamily = (id: string, values: Partial<GraphModel> = {}): GraphModel =>
  aModel(id, { family: 'family-1', ...values })
const says = (names: string, values: Partial<Statement> = {}): Statement => ({
  source: 'model-card',
  file: 'README.md',
  names,
  relation: null,
  ...values,
})

/** root → middle → leaf, root → other; a pair without direction; a stranger; an adapter. */
const graph: Graph = aGraph(
  [
    inFamily('zoo/root', { root: true }),
    ...['zoo/middle', 'zoo/leaf', 'zoo/other', 'zoo/twin'].map((id) => inFamily(id)),
    aModel('pair/first', { family: 'family-2' }),
    aModel('pair/second', { family: 'family-2' }),
    aModel('pair/third', { family: 'family-2' }),
    aModel('stranger'),
    aModel('tiny', { parameters: 1000 }),
    aModel('packed', { dtype: 'I32' }),
    aModel('adapter', { kind: 'adapter' }),
  ],
  [
    aRelation('zoo/root', 'zoo/middle'),
    aRelation('zoo/middle', 'zoo/leaf', { type: 'lora' }),
    aRelation('zoo/root', 'zoo/other'),
    aRelation('zoo/root', 'zoo/twin', { type: 'copy', directed: false, directionSupport: null }),
    aRelation('pair/first', 'pair/second', { directed: false, directionSupport: 0.6 }),
    aRelation('pair/second', 'pair/third', { directed: false, directionSupport: 0.6 }),
  ],
)

function judge(child: string, names: string) {
  const { claims } = compareClaims(graph, new Map([[child, { statements: [says(names)], licence: null }]]))[child]!
  return claims[0]!
}

describe('a claim beside the weights', () => {
  it.each([
    ['zoo/leaf', 'zoo/middle', 'agrees', 'LoRA of zoo/middle'],
    ['zoo/leaf', 'zoo/root', 'agrees', 'an ancestor, 2 steps up'],
    ['zoo/middle', 'zoo/twin', 'agrees', 'an ancestor, 2 steps up'],
    ['zoo/twin', 'zoo/root', 'agrees', 'copy of zoo/root'],
    ['pair/first', 'pair/second', 'agrees', 'which came first is not known'],
    ['zoo/root', 'zoo/leaf', 'contradicts', 'zoo/leaf descends from this model'],
    ['zoo/leaf', 'zoo/other', 'contradicts', 'but not from it'],
    ['zoo/leaf', 'stranger', 'contradicts', 'no relation with stranger'],
    ['pair/first', 'pair/third', 'silent', 'Of one family with pair/third'],
    ['stranger', 'tiny', 'silent', 'Too different from tiny'],
    ['packed', 'stranger', 'silent', 'Too different from stranger'],
    ['adapter', 'zoo/root', 'silent', 'No base of the adapter'],
    ['stranger', 'stranger', 'silent', 'names the model itself'],
    ['zoo/leaf', 'elsewhere/unknown', 'silent', 'is no model of this folder'],
  ])('%s says %s: %s', (child, names, verdict, words) => {
    const claim = judge(child, names)
    expect(claim.verdict).toBe(verdict)
    expect(claim.sentence).toContain(words)
  })

  it('says where it was read, and how sure it is which model is meant', () => {
    expect(judge('zoo/leaf', 'Zoo/Middle')).toMatchObject({
      file: 'zoo/leaf/README.md',
      names: 'Zoo/Middle',
      parent: 'zoo/middle',
    })
    expect(judge('zoo/leaf', 'Zoo/Middle').sentence).toContain('the last 2 parts of name and path agree')
    expect(judge('zoo/leaf', 'someone/middle').sentence).toContain('Only the last part of the name agrees')
    const single = aGraph([aModel('.')])
    const { claims } = compareClaims(single, new Map([['.', { statements: [says('x')], licence: null }]]))['.']!
    expect(claims[0]!.file).toBe('README.md')
  })

  it('gives one verdict for all: a contradiction first', () => {
    const of = (...names: string[]) =>
      compareClaims(graph, new Map([['zoo/leaf', { statements: names.map((name) => says(name)), licence: 'mit' }]]))[
        'zoo/leaf'
      ]
    expect(of('zoo/middle', 'stranger')).toMatchObject({ verdict: 'contradicts', licence: 'mit' })
    expect(of('zoo/middle', 'unknown')).toMatchObject({ verdict: 'agrees' })
    expect(of()).toEqual({ verdict: 'silent', claims: [], licence: 'mit' })
  })

  it('leaves out models that say nothing, and changes nothing in the graph', () => {
    const before = JSON.stringify(graph)
    const metadata = new Map([
      ['zoo/leaf', { statements: [], licence: null }],
      ['zoo/middle', { statements: [says('stranger')], licence: null }],
    ])
    expect(Object.keys(compareClaims(graph, metadata))).toEqual(['zoo/middle'])
    expect(JSON.stringify(graph)).toBe(before)
  })

  it('ends where relations run in a circle', () => {
    const ring = aGraph(
      ['a', 'b', 'c'].map((id) => inFamily(id)),
      [aRelation('a', 'b'), aRelation('b', 'c'), aRelation('c', 'a')],
    )
    const found = compareClaims(ring, new Map([['a', { statements: [says('b')], licence: null }]]))
    expect(found['a']!.verdict).toBe('agrees')
  })
})

describe('which model a name means', () => {
  const models = [
    'owner/Base',
    'other/base',
    'sub/checkpoint-500',
    'x/run.safetensors',
    'hub/models--org--net/snapshots/abc',
  ].map((id) => aModel(id))
  it.each([
    ['owner/base', 'owner/Base'],
    ['C:\\models\\OWNER\\base\\', 'owner/Base'],
    ['base', null],
    ['https://example.org/other/base', 'other/base'],
    ['checkpoint-500', null],
    ['sub/checkpoint-500', 'sub/checkpoint-500'],
    ['/tmp/x/run', 'x/run.safetensors'],
    ['org/net', 'hub/models--org--net/snapshots/abc'],
    ['bas', null],
    ['', null],
    ['../..', null],
  ])('%s', (name, id) => {
    expect(matchName(name, models)?.model.id ?? null).toBe(id)
  })

  it('never a ghost', () => {
    expect(matchName('ghost-1', [aModel('ghost-1', { kind: 'ghost' })])).toBeNull()
  })

  it('is the model itself for its own path, of any models', () => {
    const part = fc.stringMatching(/^[a-z]{4,8}$/)
    const paths = fc.uniqueArray(fc.tuple(part, part), {
      minLength: 1,
      maxLength: 8,
      selector: ([a, b]) => `${a}/${b}`,
    })
    fc.assert(
      fc.property(paths, (all) => {
        const some = all.map(([a, b]) => aModel(`${a}/${b}`))
        for (const model of some) expect(matchName(model.path.toUpperCase(), some)?.model).toBe(model)
      }),
    )
  })
})
