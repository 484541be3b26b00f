import { describe, expect, test } from 'vitest'
import { countKinds, matchingModels } from '../../src-renderer/ui/library/filter.ts'
import { libraryRows, modelsInOrder } from '../../src-renderer/ui/library/rows.ts'
import { randomGraph } from '../support/graphs.ts'
import { checkpoints } from './support/checkpoints.ts'
import { aView } from './support/worlds.ts'

const view = aView('one', checkpoints())
const { problems } = view.graph
const everything = { matching: null, search: '', kind: 'all', problems } as const

describe('the search', () => {
  const found = (search: string): string[] => [...(matchingModels(view, search, 'all') ?? ['(all)'])].sort()

  test('leaves everything while it is empty', () => {
    expect(found('  ')).toEqual(['(all)'])
  })
  test('finds parts of a path, whatever their case', () => {
    expect(found('VIT-S16')).toEqual(['vit-s16-cars', 'vit-s16-cars-fp16', 'vit-s16-in21k', 'vit-s16-pets'])
  })
  test('finds how a model was made, in the words that are shown', () => {
    expect(found('layers dropped')).toEqual(['llama-3.2-1b-code-12l'])
    expect(found('pruned')).toEqual(['support-bot-fr-sparse50'])
  })
  test('wants every word', () => {
    expect(found('vit f16')).toEqual(['vit-s16-cars-fp16'])
  })
  test('finds the beginning of a hash, but not of a short one', () => {
    expect(found('aaaaaa').length).toBe(view.graph.models.length)
    expect(found('aaaaab')).toEqual([])
  })
})

test('a tab leaves its own, and its number says how many', () => {
  const counts = countKinds(view, problems)
  expect(counts).toEqual({ all: 42, related: 35, unrelated: 5, waiting: 0, problems: 2 })
  expect(matchingModels(view, '', 'unrelated')?.size).toBe(counts.unrelated)
  expect(libraryRows(view, [], { ...everything, kind: 'problems', matching: new Set() })).toHaveLength(counts.problems)
})

describe('the rows', () => {
  const rows = libraryRows(view, modelsInOrder(view), everything)

  test('hold every model and every bad file once, and no ghost', () => {
    const keys = rows.map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).not.toContain('ghost-1')
    expect(rows.filter(({ kind }) => kind === 'model')).toHaveLength(40)
    expect(rows.filter(({ kind }) => kind === 'problem')).toHaveLength(2)
  })
  test('have parents before their children', () => {
    const place = new Map(rows.map(({ key }, at) => [key, at]))
    for (const { parent, child, directed, type } of view.graph.relations) {
      if (!directed || type === 'merge' || !place.has(parent)) continue
      expect(place.get(parent)!, `${parent} → ${child}`).toBeLessThan(place.get(child)!)
    }
  })
  test('keep a family together, with a line before the next', () => {
    const families = rows.flatMap((row) => (row.kind === 'model' ? [row.model.family] : []))
    const changes = families.filter((family, at) => at > 0 && families[at - 1] !== family).length
    expect(changes).toBe(4)
    expect(rows.filter((row) => row.kind === 'model' && row.opensGroup)).toHaveLength(4)
  })
  test('follow the search among bad files too', () => {
    const chosen = libraryRows(view, [], { ...everything, search: 'dpo', matching: new Set() })
    expect(chosen.map(({ key }) => key)).toEqual(['problem\n0\nold/llama-3.2-1b-dpo/model.safetensors'])
  })
})

test('a thousand models are all in the order', () => {
  const large = aView('one', randomGraph(1000, 20, 3))
  expect(new Set(modelsInOrder(large).map(({ id }) => id)).size).toBe(1000)
})
