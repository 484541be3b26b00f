import { describe, expect, it } from 'vitest'
import { recoverHeritage } from '../../src-main/heritage/recover.ts'
import { simulateFamily } from '../support/forests.ts'
import { fingerprint, mapTensors, simulator, transformer, type Weights } from '../support/simulate.ts'

const LAYERS = 10
const SHAPES = transformer(48, LAYERS)

/** Two models trained long and apart from one start, each with two fine-tunes. */
function seededStrangers(seed: number, learned: 'apart' | 'together') {
  const make = simulator(seed, SHAPES)
  const start = make.root()
  const norms = make.root()
  const trainLong = (): Weights => {
    const trained = make.root()
    return mapTensors(start, (name, values) => {
      // Norms start from ones: what they are is learned, here by each model alone or before the two parted.
      if (name.includes('norm')) return learned === 'apart' ? trained.get(name)! : norms.get(name)!
      return values.map((value, i) => 0.4 * value + trained.get(name)![i]!)
    })
  }
  const strangers = [trainLong(), trainLong()]
  const all = strangers.flatMap((weights) => [weights, make.fineTune(weights, 0.05), make.fineTune(weights, 0.08)])
  return all.map((weights, i) => fingerprint(`m${i}`, weights, 'F32', undefined, SHAPES))
}

describe('the verdict "same initialisation"', () => {
  it('keeps models trained apart from one start in families of their own', () => {
    const { families, verdicts } = recoverHeritage(seededStrangers(1, 'apart'))
    expect(families.map(({ members }) => members)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
    expect(verdicts).toMatchObject([{ kind: 'same-initialisation', models: [0, 1, 2, 3, 4, 5] }])
    expect(verdicts[0]!.cosine).toBeLessThan(0.25)
  })

  it('is not given where norms were learned together', () => {
    const { families, verdicts } = recoverHeritage(seededStrangers(2, 'together'))
    expect(families.map(({ members }) => members)).toEqual([[0, 1, 2, 3, 4, 5]])
    expect(verdicts).toEqual([])
  })
})

describe('the verdict "same run"', () => {
  const run = { shape: 'chain', members: 5, lowRank: 0, drift: 0, spread: 1.5, decay: 0, along: 0 } as const

  it('names checkpoints whose steps go on in one direction, in order', () => {
    const { models, links } = simulateFamily(3, { ...run, momentum: 0.8 })
    const { verdicts } = recoverHeritage(models)
    expect(verdicts).toHaveLength(1)
    const [{ kind, models: named }] = verdicts as [(typeof verdicts)[number]]
    expect(kind).toBe('same-run')
    const order = named.slice(1).map((child, i) => links.some((l) => l.parent === named[i] && l.child === child))
    expect(order).toEqual([true, true, true, true])
  })

  it('is not given to trainings that follow each other', () => {
    const { models } = simulateFamily(3, { ...run, momentum: 0.1 })
    expect(recoverHeritage(models).verdicts).toEqual([])
  })
})
