import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EXPORTERS } from '../../src-main/export/registry.ts'
import { selectModels } from '../../src-main/export/select.ts'
import { aGraph, aModel, aRelation, exampleGraph, randomGraph } from '../support/graphs.ts'

/** ghost-1 above a, b and ghost-2; ghost-2 above c and d; a above e. */
const model = (id: string) => aModel(id, { family: 'family-1', kind: id.startsWith('ghost') ? 'ghost' : 'model' })
const graph = aGraph(
  ['a', 'b', 'c', 'd', 'e', 'ghost-1', 'ghost-2'].map(model),
  ['ghost-1 a', 'ghost-1 b', 'ghost-1 ghost-2', 'ghost-2 c', 'ghost-2 d', 'a e'].map((ends) => {
    const [parent, child] = ends.split(' ')
    return aRelation(parent!, child!)
  }),
)
const idsOf = (...wanted: string[]): string[] => selectModels(graph, new Set(wanted)).models.map(({ id }) => id)

describe('a part of a graph', () => {
  it.each([
    ['a model with its child', ['a', 'e'], ['a', 'e']],
    ['siblings, with the missing parent that joins them', ['a', 'b'], ['a', 'b', 'ghost-1']],
    ['cousins, with both missing ancestors', ['c', 'e', 'a'], ['a', 'c', 'e', 'ghost-1', 'ghost-2']],
    ['one model alone, without the ghosts above it', ['c'], ['c']],
    ['a ghost that was asked for', ['ghost-2'], ['ghost-2']],
    ['nothing for names that are not there', ['nobody'], []],
  ])('is %s', (_, wanted, expected) => {
    expect(idsOf(...wanted)).toEqual(expected)
  })

  it('is the whole without its problems where all is wanted', () => {
    const whole = { ...exampleGraph(), problems: [] }
    expect(selectModels(exampleGraph(), new Set(whole.models.map(({ id }) => id)))).toEqual(whole)
  })

  it('hangs together as before, and every format takes it', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (seed, picks) => {
        const all = randomGraph(24, 2, seed)
        const wanted = new Set(all.models.filter((_, i) => (picks >> (i % 30)) & 1).map(({ id }) => id))
        const part = selectModels(all, wanted)
        const ids = new Set(part.models.map(({ id }) => id))
        expect(all.models.filter(({ id }) => wanted.has(id)).every(({ id }) => ids.has(id))).toBe(true)
        expect(part.models.every(({ id, kind }) => wanted.has(id) || kind === 'ghost')).toBe(true)
        expect(part.relations).toEqual(all.relations.filter((one) => ids.has(one.parent) && ids.has(one.child)))
        for (const { render } of EXPORTERS) expect(() => render(part)).not.toThrow()
      }),
      { numRuns: 30 },
    )
  })
})
