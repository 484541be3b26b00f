import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { workplace } from '../cli/workplace.ts'

// Families of models whose training is known, too large to be shipped. HEIRLOOM_ZOO names a folder with one folder a
// split, each with models/ and truth.json; the program that scores a graph against a truth is two folders above.
const zoo = process.env['HEIRLOOM_ZOO']
if (zoo === undefined) console.log('The recovery of the zoo is not tested: HEIRLOOM_ZOO does not name its folder.')

const place = zoo === undefined ? undefined : workplace()

interface Score {
  readonly families: number
  readonly directed: { f1: number }
  readonly perType: Readonly<Record<string, { total: number; typed: number }>>
}

interface Expectation {
  readonly split: string
  /** Least F1 of directed relations. */
  readonly directed: number
  /** Whether each true LoRA must be found and called one. */
  readonly lora: boolean
}

const EXPECTATIONS: readonly Expectation[] = [
  { split: 'vit-ft', directed: 1, lora: false },
  { split: 'vit-lora-f', directed: 1, lora: true },
  { split: 'vit-lora-v', directed: 1, lora: true },
  { split: 'lm', directed: 0.95, lora: false },
  { split: 'wild', directed: 0.95, lora: false },
]

describe.runIf(zoo !== undefined).each(EXPECTATIONS)('the zoo split $split', ({ split, directed, lora }) => {
  let score: Score
  beforeAll(() => {
    const folder = join(zoo!, split)
    const graph = join(place!.folder, `${split}.json`)
    fs.writeFileSync(graph, place!.tree(join(folder, 'models')).stdout)
    const scorer = join(zoo!, '../../score.mjs')
    const printed = execFileSync(process.execPath, [scorer, join(folder, 'truth.json'), graph, '--json'])
    score = JSON.parse(printed.toString()) as Score
  })

  it('has its families apart', () => {
    expect(score.families).toBe(1)
  })

  it(`has directed relations of F1 ${directed} or more`, () => {
    expect(score.directed.f1).toBeGreaterThanOrEqual(directed)
  })

  if (lora) {
    it('has every LoRA called one', () => {
      expect(score.perType['lora']?.total).toBeGreaterThan(0)
      expect(score.perType['lora']?.typed).toBe(score.perType['lora']?.total)
    })
  }
})
