import fs from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Graph, Relation } from '../../src-main/contract/graph.ts'
import { SAMPLE, workplace } from '../cli/workplace.ts'

interface Truth {
  readonly nodes: readonly { id: string; tree: number }[]
  readonly edges: readonly { parent: string; child: string; type: string }[]
}

const TYPES: Readonly<Record<string, Relation['type']>> = { ft: 'fine-tune', lora: 'lora', cast: 'cast', copy: 'copy' }

const place = workplace()

describe('the sample family', () => {
  let printed: string
  beforeAll(() => {
    printed = place.run('tree', join(SAMPLE, 'models'), '--format', 'json').stdout
  })

  // After a change that is meant: npm run -s build && npm exec -- vitest run test/golden -u
  it('gives the golden graph, byte for byte', async () => {
    await expect(printed).toMatchFileSnapshot('./sample-family.json')
  })

  it('agrees with how the models were trained', () => {
    const graph = JSON.parse(printed) as Graph
    const truth = JSON.parse(fs.readFileSync(join(SAMPLE, 'truth.json'), 'utf8')) as Truth
    const numbers = new Map(graph.models.map(({ id, contentHash }) => [id, contentHash]))
    /** Models with equal numbers are interchangeable; what has no direction is named in one order. */
    const line = (parent: string, child: string, type: string): string => {
      const ends = [numbers.get(parent), numbers.get(child)]
      return `${(type === 'copy' ? ends.sort() : ends).join(' > ')} ${type}`
    }
    const found = graph.relations.map(({ parent, child, type }) => line(parent, child, type))
    expect(found.sort()).toEqual(truth.edges.map(({ parent, child, type }) => line(parent, child, TYPES[type]!)).sort())
    expect(graph.relations.filter(({ directed }) => !directed).map(({ type }) => type)).toEqual(['copy'])

    const families = Map.groupBy(graph.models, ({ family }) => family ?? 'none')
    const trees = Map.groupBy(truth.nodes, ({ tree }) => tree)
    const members = (groups: Iterable<readonly { id: string }[]>): string[] =>
      [...groups]
        .map((group) =>
          group
            .map(({ id }) => id)
            .sort()
            .join(),
        )
        .sort()
    expect(members(families.values())).toEqual(members(trees.values()))
  })
})
