import { describe, expect, it } from 'vitest'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import { fingerprint, simulator, type Weights } from '../support/simulate.ts'

/** weights + factor · step, tensor by tensor. */
function plus(weights: Weights, factor: number, step: Weights): Weights {
  return new Map(
    [...weights].map(([name, values]) => [name, values.map((value, i) => value + factor * step.get(name)![i]!)]),
  )
}

/** A run at a high learning rate: each checkpoint is a place on the way, and noise that no other model has. */
function run(seed: number) {
  const make = simulator(seed)
  const noise = (): Weights => make.fineTune(make.zero(), 0.15)
  const first = make.root()
  const place = make.fineTune(first, 0.6)
  const jitter = noise()
  const hub = plus(place, 1, jitter)
  const later = plus(make.fineTune(place, 0.6), 1, noise())
  /** A short fine-tune of the hub that takes back a share of its noise, and moves by `step` itself. */
  const tuned = (back: number, step: number): Weights => make.fineTune(plus(hub, -back, jitter), step)
  return { make, first, hub, later, tuned }
}

/** Links without their directions, but that of the leaf with its. */
function links(weights: Record<string, Weights>): string[] {
  const models = Object.entries(weights).map(([id, values]) => fingerprint(id, values))
  return recoverHeritage(models)
    .relations.map(({ parent, child, directed }) => {
      const ends = [models[parent]!.id, models[child]!.id]
      return ends.includes('leaf') && directed ? ends.join('>') : ends.sort().join('-')
    })
    .sort()
}

describe('annealed leaves', () => {
  it.each([1, 2, 3])('give back what hooked on to them, in a long training after the hub (seed %i)', (seed) => {
    const { first, hub, later, tuned } = run(seed)
    expect(links({ first, hub, later, leaf: tuned(0.3, 0.02) })).toEqual(['first-hub', 'hub-later', 'hub>leaf'])
  })

  it.each([1, 2, 3])('give back what came before both, if the siblings name the hub (seed %i)', (seed) => {
    const { first, hub, tuned } = run(seed)
    // The step of this leaf is as long as its share in the noise: what hooks on to it shares just one with that step.
    const found = links({ first, hub, leaf: tuned(0.5, 0.075), sibling: tuned(0.2, 0.1), other: tuned(0.1, 0.08) })
    expect(found).toEqual(['first-hub', 'hub-other', 'hub-sibling', 'hub>leaf'])
  })

  it.each([1, 2, 3])('give back what came after the hub and contains too little of their step (seed %i)', (seed) => {
    const { first, hub, later, tuned } = run(seed)
    const found = links({
      first,
      hub,
      later,
      leaf: tuned(0.4, 0.1),
      sibling: tuned(0.2, 0.12),
      other: tuned(0.1, 0.15),
    })
    expect(found).toEqual(['first-hub', 'hub-later', 'hub-other', 'hub-sibling', 'hub>leaf'])
  })

  it.each([1, 2, 3])('are not seen in a chain of updates without such noise (seed %i)', (seed) => {
    const make = simulator(seed)
    const first = make.root()
    const second = make.fineTune(first, 0.6)
    const third = make.fineTune(second, 0.1)
    const fourth = make.fineTune(third, 0.12)
    const fifth = make.fineTune(third, 0.08)
    const chain = links({ first, second, third, fourth, fifth })
    expect(chain).toEqual(['fifth-third', 'first-second', 'fourth-third', 'second-third'])
  })
})
