import { describe, expect, it } from 'vitest'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import { fingerprint, mapTensors, simulator, type Weights } from '../support/simulate.ts'

/** The support of the link between two models, by their names. */
function supportOf(models: Record<string, Weights>, parent: string, child: string): number {
  const names = Object.keys(models)
  const { relations } = recoverHeritage(Object.entries(models).map(([id, weights]) => fingerprint(id, weights)))
  const link = relations.find(
    (relation) => [names[relation.parent], names[relation.child]].sort().join() === [parent, child].sort().join(),
  )
  return link!.support
}

/** A root with four children of its own, so that there is something to learn from about how trees of this kind add up. */
function surroundings(seed: number) {
  const make = simulator(seed)
  const a = make.root()
  const [w, x, y, z] = [0.2, 0.25, 0.3, 0.35].map((step) => make.fineTune(a, step)) as [
    Weights,
    Weights,
    Weights,
    Weights,
  ]
  return { make, models: { a, w, x, y, z } }
}

describe('a model that stands in for its missing parent', () => {
  it('has its sibling as a child only with low support', () => {
    const { make, models } = surroundings(61)
    const missing = make.fineTune(models.a, 0.3)
    const [near, far] = [make.fineTune(missing, 0.15), make.fineTune(missing, 0.25)]
    expect(supportOf({ ...models, near, far }, 'near', 'far')).toBeLessThan(0.7)
    expect(supportOf({ ...models, near, far }, 'a', 'near')).toBeGreaterThan(0.95)
    expect(supportOf({ ...models, missing, near, far }, 'missing', 'far')).toBeGreaterThan(0.95)
  })

  it('is not suspected for children of its own, nor for such as were trained alike', () => {
    const { make, models } = surroundings(62)
    const parent = make.fineTune(models.a, 0.3)
    const one = make.fineTune(parent, 0.25)
    expect(supportOf({ ...models, parent, one }, 'parent', 'one')).toBeGreaterThan(0.95)
    const course = make.fineTune(parent, 0.2)
    const alike = [0.15, 0.2].map((step) => {
      const way = (name: string, i: number): number => course.get(name)![i]! - parent.get(name)![i]!
      return mapTensors(make.fineTune(parent, step), (name, values) =>
        values.map((value, i) => value + 0.5 * way(name, i)),
      )
    })
    const [first, second] = alike as [Weights, Weights]
    for (const child of ['first', 'second'])
      expect(supportOf({ ...models, parent, first, second }, 'parent', child)).toBeGreaterThan(0.9)
  })
})
