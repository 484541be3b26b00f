import fs from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { BENIGN_FIXTURES, HOSTILE_FIXTURES } from '../hostile/fixtures.ts'
import { type ReadTree, SAMPLE, workplace } from './workplace.ts'

const place = workplace()
const GOOD = ['cedar', 'maple', 'willow']

describe('a folder of good, odd and bad models', () => {
  const folder = join(place.folder, 'models')
  let first: ReadTree
  beforeAll(() => {
    fs.mkdirSync(folder)
    for (const fixture of [...HOSTILE_FIXTURES, ...BENIGN_FIXTURES]) fixture.write(folder)
    for (const name of GOOD) fs.cpSync(join(SAMPLE, 'models', name), join(folder, name), { recursive: true })
    first = place.tree(folder)
  })

  it('ends with status 3', () => {
    expect(first.status).toBe(3)
  })

  it('names each bad file with its code, once', () => {
    const found = first.graph.problems.map(({ path, code }) => `${path.split('/')[0]} ${code}`)
    expect(found.sort()).toEqual(HOSTILE_FIXTURES.map(({ name, code }) => `${name} ${code}`).sort())
  })

  it('has every good and every odd model', () => {
    const found = first.graph.models.map(({ path }) => path)
    expect(found.sort()).toEqual([...BENIGN_FIXTURES.map(({ name }) => name), ...GOOD].sort())
  })

  it('has the relations of the good models, and none of the odd ones', () => {
    const types = first.graph.relations.map(({ child, type }) => `${child} ${type}`)
    expect(types).toEqual(['maple copy', 'willow lora'])
  })

  it('reads nothing the second time, and says the same', () => {
    const second = place.tree(folder)
    expect(second.bytesRead).toBe(0)
    expect(second.stdout).toBe(first.stdout)
    expect(second.status).toBe(3)
  })

  it('lists the bad files in the text too, each on a line of its own', () => {
    const { stdout, status } = place.run('tree', folder)
    expect(status).toBe(3)
    for (const { name, code } of HOSTILE_FIXTURES) {
      expect(stdout.split('\n').some((line) => line.includes(name) && line.includes(code))).toBe(true)
    }
  })
})
