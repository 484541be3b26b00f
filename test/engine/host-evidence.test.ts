import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Folder } from '../../src-main/contract/folders.ts'
import { openEngineHost, type EngineHost } from '../../src-main/engine/host/host.ts'
import { codeOf, SAMPLE, scanFolder } from './hosts.ts'

let place: string
let host: EngineHost
let folder: Folder

beforeAll(async () => {
  place = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'heirloom-evidence-')))
  fs.cpSync(SAMPLE, join(place, 'models'), { recursive: true })
  host = openEngineHost({ version: 'test', library: join(place, 'library.db') })
  folder = await host.grant(join(place, 'models'))
  await scanFolder(host, folder.id)
  // All of it has to come from the library.
  fs.renameSync(join(place, 'models'), join(place, 'away'))
})

afterAll(async () => {
  await host.close()
  fs.rmSync(place, { recursive: true })
})

const inFolder = () => ({ folder: folder.id })

/** Everything that crosses is JSON. */
function expectJson(answer: unknown): void {
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
}

describe('with the drive away', () => {
  test('a relation is shown with what stands behind it', async () => {
    const evidence = await host.request('evidence.relation', { ...inFolder(), parent: 'oak', child: 'ash' })
    expectJson(evidence)
    expect(evidence).toMatchObject({ a: 'oak', b: 'ash', related: true, relation: { type: 'fine-tune' } })
    expect(evidence.tensors).toHaveLength(72)
    expect(evidence.alternatives.map(({ model }) => model)).toContain('elm')
    for (const { measure, value, unrelated } of evidence.measures) {
      if (value !== null && measure === 'cosine') expect(unrelated).not.toBeNull()
    }
  })

  test('one tensor of it is shown closely', async () => {
    const pair = await host.request('models.compare', { ...inFolder(), a: 'oak', b: 'elm' })
    const { tensor } = pair.tensors.find(({ rank }) => rank !== null && rank > 0)!
    const evidence = await host.request('evidence.tensor', { ...inFolder(), a: 'oak', b: 'elm', tensor })
    expectJson(evidence)
    expect(evidence.row.tensor).toBe(tensor)
    expect(evidence.spectrum!.rank).toBe(evidence.row.rank)
    const missing = host.request('evidence.tensor', { ...inFolder(), a: 'oak', b: 'elm', tensor: 'no.such.tensor' })
    expect(await codeOf(missing)).toBe('tensor-unknown')
  })

  test('any two models are compared, related or not, either way round', async () => {
    const one = await host.request('models.compare', { ...inFolder(), a: 'ash', b: 'oak' })
    expect(one.relation).toMatchObject({ parent: 'oak', child: 'ash' })
    const other = await host.request('models.compare', { ...inFolder(), a: 'oak', b: 'yew' })
    expectJson(other)
    expect(other).toMatchObject({ related: false, relation: null, alternatives: [] })
  })

  test('a model is identified among all that were ever read', async () => {
    const nearest = await host.request('models.identify', { ...inFolder(), model: 'maple' })
    expectJson(nearest)
    expect(nearest[0]).toMatchObject({ folder: folder.id, model: 'cedar', name: 'cedar', equal: true })
    expect(nearest.length).toBe(12)
    expect(nearest.map(({ model }) => model)).not.toContain('maple')
  })

  test('what is not there is said so', async () => {
    const unknown = { ...inFolder(), a: 'oak', b: 'baobab' }
    expect(await codeOf(host.request('models.compare', unknown))).toBe('model-unknown')
    expect(await codeOf(host.request('models.identify', { ...inFolder(), model: '../oak' }))).toBe('model-unknown')
    const noLink = host.request('evidence.relation', { ...inFolder(), parent: 'yew', child: 'ash' })
    expect(await codeOf(noLink)).toBe('model-unknown')
  })

  test('a request that is cancelled is not waited for', async () => {
    const abort = new AbortController()
    const { signal } = abort
    const request = host.request('models.identify', { ...inFolder(), model: 'oak' }, { signal })
    abort.abort()
    expect(await codeOf(request)).toBe('cancelled')
  })
})
