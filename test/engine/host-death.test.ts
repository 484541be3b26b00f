import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHost, SAMPLE, temporaryFolder, until, view } from './hosts.ts'

test('a model that the last engine died on becomes a problem, and its scan goes on without it', async () => {
  const library = join(temporaryFolder(), 'library.db')
  const reading: (string | null)[] = []
  const first = openHost(library, { onReading: (location) => reading.push(location) })
  const folder = await first.request('folders.openSample', {})
  const started = until(first, ({ modelsDone }) => modelsDone > 0)
  await first.request('scan.start', { folder: folder.id })
  await started
  await first.request('scan.cancel', { folder: folder.id })
  expect(reading[0]).toBe(join(SAMPLE, 'alder'))
  expect(reading[1]).toBe(null)
  await first.close()

  const second = openHost(library, { diedOn: join(SAMPLE, 'yew') })
  await until(second, ({ state }) => state === 'done')
  const { graph } = await view(second, folder)
  expect(graph.models).toHaveLength(12)
  expect(graph.problems).toMatchObject([{ path: 'yew/model.safetensors', code: 'ENGINE_DIED' }])
  await second.close()

  // The answer is kept until the file changes: the next engine does not die on it either.
  const third = openHost(library)
  const again = until(third, ({ state }) => state === 'done')
  await third.request('scan.start', { folder: folder.id })
  expect(await again).toMatchObject({ problemCount: 1 })
})
