import fs from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { SAMPLE, weightBytes, workplace } from './workplace.ts'

const place = workplace()
const models = join(place.folder, 'models')
const file = (model: string): string => join(models, model, 'model.safetensors')
const paths = (graph: { models: readonly { path: string }[] }): string[] => graph.models.map(({ path }) => path)

beforeAll(() => {
  for (const name of ['oak', 'ash', 'elm', 'yew']) {
    fs.cpSync(join(SAMPLE, 'models', name), join(models, name), { recursive: true })
  }
})

describe('the sample family', () => {
  it('is read once, each byte once', () => {
    const sample = join(SAMPLE, 'models')
    const first = place.tree(sample)
    expect(first.status).toBe(0)
    expect(first.modelsRead).toBe(13)
    expect(first.bytesRead).toBeGreaterThan(0.9 * weightBytes(sample))
    expect(first.bytesRead).toBeLessThanOrEqual(1.02 * weightBytes(sample))

    const second = place.tree(sample)
    expect(second.bytesRead).toBe(0)
    expect(second.modelsCached).toBe(13)
    expect(second.stdout).toBe(first.stdout)
  })
})

describe('a folder that is scanned again', () => {
  it('has a model that was added read, and no other', () => {
    place.tree(models)
    fs.cpSync(join(models, 'oak'), join(models, 'added'), { recursive: true })
    const { modelsRead, bytesRead, graph } = place.tree(models)
    expect(modelsRead).toBe(1)
    expect(bytesRead).toBeLessThanOrEqual(1.02 * fs.statSync(file('oak')).size)
    expect(paths(graph)).toContain('added')
  })

  it('loses a model that was deleted, and nothing is read', () => {
    fs.cpSync(join(models, 'oak'), join(models, 'deleted'), { recursive: true })
    place.tree(models)
    fs.rmSync(join(models, 'deleted'), { recursive: true })
    const { bytesRead, graph } = place.tree(models)
    expect(bytesRead).toBe(0)
    expect(paths(graph)).not.toContain('deleted')
  })

  it('has a model that was moved read, and the family stays', () => {
    const before = place.tree(models)
    fs.renameSync(join(models, 'elm'), join(models, 'elm-moved'))
    const after = place.tree(models)
    expect(after.modelsRead).toBe(1)
    const renamed = after.graph.relations.map(({ parent, child }) => [parent, child].join().replace('elm-moved', 'elm'))
    expect(renamed.sort()).toEqual(before.graph.relations.map(({ parent, child }) => [parent, child].join()).sort())
  })

  it('has a model that was touched read, and the answer stays', () => {
    const before = place.tree(models)
    fs.utimesSync(file('yew'), new Date(), new Date())
    const after = place.tree(models)
    expect(after.modelsRead).toBe(1)
    expect(after.stdout).toBe(before.stdout)
  })

  it('notices a model that was replaced by one of the same size and time', () => {
    const before = place.tree(models)
    const { atime, mtime, size } = fs.statSync(file('yew'))
    const bytes = fs.readFileSync(file('yew'))
    bytes.writeFloatLE(0.125, size - 4)
    fs.writeFileSync(`${file('yew')}.new`, bytes)
    fs.utimesSync(`${file('yew')}.new`, atime, mtime)
    fs.renameSync(`${file('yew')}.new`, file('yew'))

    const after = place.tree(models)
    expect(after.modelsRead).toBe(1)
    const hash = ({ graph }: typeof after): string | undefined =>
      graph.models.find(({ path }) => path === 'yew')?.contentHash
    expect(hash(after)).not.toBe(hash(before))
  })
})
