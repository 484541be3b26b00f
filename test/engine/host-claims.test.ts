import fs from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHost, SAMPLE, scanFolder, temporaryFolder, view } from './hosts.ts'

test('what model cards say stands beside the graph, is read anew at every scan, and changes nothing in it', async () => {
  const place = temporaryFolder()
  const models = join(place, 'models')
  fs.cpSync(SAMPLE, models, { recursive: true })
  fs.writeFileSync(join(models, 'ash', 'README.md'), '---\nbase_model: owner/oak\nlicense: mit\n---\n')
  fs.writeFileSync(join(models, 'yew', 'README.md'), '---\nbase_model: owner/oak\n---\n')
  const library = join(place, 'library.db')
  const host = openHost(library)
  const folder = await host.grant(models)
  await scanFolder(host, folder.id)
  const before = await view(host, folder)
  expect(Object.keys(before.claims)).toEqual(['ash', 'yew'])
  expect(before.claims['ash']).toMatchObject({
    verdict: 'agrees',
    licence: 'mit',
    claims: [{ source: 'model-card', file: 'ash/README.md', names: 'owner/oak', parent: 'oak' }],
  })
  expect(before.claims['yew']).toMatchObject({ verdict: 'contradicts', licence: null })
  expect(before.graph.relations.filter(({ child }) => child === 'yew')).toEqual([])

  fs.writeFileSync(join(models, 'ash', 'README.md'), 'no front matter')
  fs.writeFileSync(join(models, 'elm', 'config.json'), '{')
  await scanFolder(host, folder.id)
  await host.close()
  const after = await view(openHost(library), folder)
  expect(Object.keys(after.claims)).toEqual(['yew'])
  expect(after.recoveredAt, 'the weights are the same').toBe(before.recoveredAt)
  expect(after.graph).toEqual({
    ...before.graph,
    problems: [expect.objectContaining({ path: 'elm/config.json', code: 'CLAIM_NOT_JSON' })],
  })
})
