import { describe, expect, test } from 'vitest'
import { commercialUse, inheritsStricter, licencesAlong } from '../../../src-renderer/ui/inspector/licences.ts'
import { familyFacts, relativesOf } from '../../../src-renderer/ui/inspector/panels/relatives.ts'
import { aGraph, aModel, aRelation } from '../../support/graphs.ts'
import { aView } from '../support/worlds.ts'
import { saying, withClaims } from './evidence.ts'

const inFamily = (id: string, values = {}) => aModel(id, { family: 'family-1', ...values })
const graph = aGraph(
  [
    inFamily('ghost-1', { kind: 'ghost', root: true }),
    inFamily('base'),
    inFamily('chat'),
    inFamily('mix'),
    inFamily('twin'),
    aModel('other'),
  ],
  [
    aRelation('ghost-1', 'base', { support: 0.86, directionSupport: 0.9 }),
    aRelation('ghost-1', 'chat', { directionSupport: 0.7 }),
    aRelation('base', 'mix', { type: 'merge', weight: 0.4 }),
    aRelation('chat', 'mix', { type: 'merge', weight: 0.6 }),
    aRelation('base', 'twin', { directed: false, support: 0.6 }),
  ],
)

describe('the relatives of a model', () => {
  test('are parents, the heavier first, and children', () => {
    expect(relativesOf(graph, 'mix').parents.map(({ id }) => id)).toEqual(['chat', 'base'])
    expect(relativesOf(graph, 'ghost-1').children.map(({ id }) => id)).toEqual(['base', 'chat'])
  })

  test('stand beside it, whichever is named first, where the direction is not known', () => {
    expect(relativesOf(graph, 'base').beside.map(({ id }) => id)).toEqual(['twin'])
    expect(relativesOf(graph, 'twin').beside.map(({ id }) => id)).toEqual(['base'])
    expect(relativesOf(graph, 'twin').parents).toEqual([])
  })

  test('are none for a model without any', () => {
    expect(relativesOf(graph, 'other')).toEqual({ parents: [], children: [], beside: [] })
  })
})

test('a family is told by kinds, types, root, ghosts and what is not sure', () => {
  const facts = familyFacts(graph, 'family-1', 0.95)
  expect(facts.kinds).toEqual([
    ['model', 4],
    ['ghost', 1],
  ])
  expect(facts.types).toEqual([
    ['fine-tune', 3],
    ['merge', 2],
  ])
  expect(facts.root).toBe('ghost-1')
  expect(facts.rootSupport).toBe(0.7)
  expect(facts.ghosts).toEqual([['ghost-1', 2]])
  expect(facts.undirected.map(({ child }) => child)).toEqual(['twin'])
  expect(facts.unsure.map(({ support }) => support)).toEqual([0.6, 0.86])
})

describe('licences', () => {
  test.each([
    ['apache-2.0', 'allowed'],
    ['MIT', 'allowed'],
    ['cc-by-4.0', 'allowed'],
    ['cc-by-sa-4.0', 'terms'],
    ['llama3.2', 'terms'],
    ['gemma', 'terms'],
    ['openrail++', 'terms'],
    ['gpl-3.0', 'terms'],
    ['cc-by-nc-4.0', 'forbidden'],
    ['cc-by-nc-sa-4.0', 'forbidden'],
    ['research-only', 'forbidden'],
    ['my-own', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
  ])('%s: to sell with it is %s', (licence, use) => {
    expect(commercialUse(licence)).toBe(use)
  })

  const view = withClaims(aView('one', graph), {
    chat: saying([], { licence: 'cc-by-nc-4.0' }),
    mix: saying([], { licence: 'apache-2.0' }),
    twin: saying([], { licence: 'mit' }),
  })

  test('follow the recovered tree, nearest first, through models whose card is silent', () => {
    expect(licencesAlong(view, 'mix').map(({ model, use }) => [model, use])).toEqual([
      ['mix', 'allowed'],
      ['chat', 'forbidden'],
    ])
    expect(licencesAlong(view, 'base')).toEqual([])
  })

  test('do not follow a line whose direction is not known', () => {
    expect(licencesAlong(view, 'twin').map(({ model }) => model)).toEqual(['twin'])
  })

  test('say so where an ancestor forbids what the model itself does not', () => {
    expect(inheritsStricter(licencesAlong(view, 'mix'))).toBe(true)
    expect(inheritsStricter(licencesAlong(view, 'chat'))).toBe(false)
    expect(inheritsStricter([])).toBe(false)
  })

  test('end where relations go round in a circle', () => {
    const circle = aGraph([aModel('a'), aModel('b')], [aRelation('a', 'b'), aRelation('b', 'a')])
    const claims = { a: saying([], { licence: 'mit' }) }
    expect(licencesAlong(withClaims(aView('one', circle), claims), 'b').map(({ model }) => model)).toEqual(['b', 'a'])
  })
})
