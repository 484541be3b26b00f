import { describe, expect, test } from 'vitest'
import { declaredRelations } from '../../../src-renderer/ui/inspector/claims/declared.ts'
import { columnsOf, placesOf } from '../../../src-renderer/ui/inspector/claims/geometry.ts'
import { verdictSentence } from '../../../src-renderer/ui/inspector/claims/sentence.ts'
import { optionId, tanglesOf, type TangleSide } from '../../../src-renderer/ui/inspector/claims/tangle.ts'
import { aGraph, aModel, aRelation } from '../../support/graphs.ts'
import { aView } from '../support/worlds.ts'
import { aClaim, saying, withClaims } from './evidence.ts'

const one = (id: string, values = {}) => aModel(id, { family: 'family-1', ...values })
const graph = aGraph(
  [one('base', { root: true }), one('chat'), one('law'), aModel('lone'), aModel('quiet')],
  [aRelation('base', 'chat'), aRelation('chat', 'law')],
)
const view = withClaims(aView('one', graph), {
  chat: saying([aClaim('meta/base', 'base'), aClaim('./epoch-1', null)]),
  law: saying([aClaim('chat', 'chat'), aClaim('base', 'base', { verdict: 'contradicts' })], { verdict: 'contradicts' }),
  lone: saying([aClaim('someone/bert', null)]),
})

/** `parent>child`, sorted. */
const lines = (side: TangleSide): string[] =>
  side.edges.map(({ parent, child }) => `${parent.model.path}>${child.model.path}`).toSorted()

describe('what the files declare', () => {
  test('is a relation for each parent they name, a name that is not here only where none is', () => {
    const { relations, absent } = declaredRelations(view)
    expect(relations.filter(({ child }) => child === 'chat').map(({ parent }) => parent)).toEqual(['base'])
    expect(relations.filter(({ child }) => child === 'law').map(({ parent }) => parent)).toEqual(['chat', 'base'])
    expect(absent.map(({ path }) => path)).toEqual(['someone/bert'])
  })

  test('is nothing where a model names itself, or its claim is of a model that is gone', () => {
    const claims = { base: saying([aClaim('base', 'base')]), gone: saying([aClaim('base', 'base')]) }
    expect(declaredRelations(withClaims(view, claims)).relations).toEqual([])
  })
})

describe('declared against recovered', () => {
  const tangles = tanglesOf(view)

  test('shows each family twice, and leaves out what nothing is said of', () => {
    expect(tangles.map(({ recovered }) => recovered.nodes.map(({ model }) => model.id).toSorted())).toEqual([
      ['base', 'chat', 'law'],
      ['lone'],
    ])
  })

  test('draws the claim that contradicts, and the tree of the weights beside it', () => {
    expect(lines(tangles[0]!.declared)).toEqual(['base>chat', 'base>law'])
    expect(lines(tangles[0]!.recovered)).toEqual(['base>chat', 'chat>law'])
  })

  test('shows a model that is only named on the left, and a ghost on the right', () => {
    expect(lines(tangles[1]!.declared)).toEqual(['someone/bert>lone'])
    const ghost = one('ghost-1', { kind: 'ghost' })
    const withGhost = aGraph([...graph.models, ghost], [...graph.relations, aRelation('ghost-1', 'base')])
    const [first] = tanglesOf({ ...view, graph: withGhost })
    expect(first!.recovered.nodes.some(({ model }) => model.id === 'ghost-1')).toBe(true)
    expect(first!.declared.nodes.some(({ model }) => model.id === 'ghost-1')).toBe(false)
  })

  test('joins families that a claim joins, so that the claim can be drawn', () => {
    const joined = tanglesOf(withClaims(view, { lone: saying([aClaim('base', 'base', { verdict: 'contradicts' })]) }))
    expect(joined).toHaveLength(1)
    expect(lines(joined[0]!.declared)).toEqual(['base>lone'])
    expect(joined[0]!.declared.nodes.map(({ row }) => row)).toEqual([0, 1, 2, 3])
  })

  test('ends where models name each other', () => {
    const claims = { base: saying([aClaim('chat', 'chat')]), chat: saying([aClaim('base', 'base')]) }
    expect(tanglesOf(withClaims(view, claims))[0]!.declared.nodes).toHaveLength(3)
  })

  test('gives each model an id without spaces', () => {
    expect(optionId('runs of may/model a')).not.toMatch(/\s/)
  })
})

describe('the places of both sides', () => {
  const columns = columnsOf(960)
  const [tangle] = tanglesOf(view)
  const left = placesOf(tangle!.declared, columns, true)
  const right = placesOf(tangle!.recovered, columns, false)

  test('have the oldest at the outer edges and room for names', () => {
    const [base, law] = ['base', 'law'].map((id) => tangle!.recovered.nodes.find(({ model }) => model.id === id)!)
    expect(right.x(base!)).toBeGreaterThan(right.x(law!))
    expect(left.x(tangle!.declared.nodes.find(({ model }) => model.id === 'base')!)).toBeLessThan(columns.declaredName)
    expect(right.room(law!)).toBeGreaterThan(120)
  })

  test('do not let a deep tree run into the names', () => {
    const deep: TangleSide = { nodes: [], edges: [], depth: 40 }
    const node = { model: one('deep'), row: 0, depth: 40 }
    expect(placesOf(deep, columns, true).room(node)).toBeGreaterThan(60)
  })
})

describe('the sentence of a model', () => {
  const nameOf = (id: string): string => id

  test('says what its files name and what its weights show', () => {
    const { text, names } = verdictSentence(view.claims['law'], ['chat'], nameOf)
    expect(text).toBe('The model card names base. The weights are consistent with chat.')
    expect(names).toEqual(['base', 'chat'])
  })

  test('says that they agree', () => {
    const claims = saying([aClaim('meta/base', 'base', { source: 'adapter-config' })])
    expect(verdictSentence(claims, ['base'], nameOf).text).toBe('The adapter settings name base. The weights agree.')
    expect(verdictSentence(claims, ['chat'], nameOf).text).toBe(
      'The adapter settings name base. The weights agree that it descends from there, by way of chat.',
    )
  })

  test('names every parent of a merge', () => {
    expect(verdictSentence(undefined, ['chat', 'law'], nameOf).text).toBe(
      'Its files name no parent. The weights are consistent with chat and law.',
    )
  })

  test('says so where the files name nobody, and where the weights show nothing', () => {
    expect(verdictSentence(undefined, [], nameOf).text).toBe(
      'Its files name no parent. The weights show no parent in this folder.',
    )
  })
})
