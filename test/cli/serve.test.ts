import { once } from 'node:events'
import { expect, test } from 'vitest'
import { SAMPLE, workplace } from './workplace.ts'

const place = workplace()

test('serve prints its address, has the folder open, and ends in order on Ctrl-C', async () => {
  const child = place.start('serve', SAMPLE)
  let url = ''
  let notes = ''
  child.stderr!.on('data', (text: Buffer) => (notes += String(text)))
  for await (const text of child.stdout!) {
    url += String(text)
    if (url.includes('\n')) break
  }
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/)
  const page = await fetch(url.trim())
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<div id="app">')
  child.kill('SIGINT')
  const [status] = (await once(child, 'exit')) as [number | null]
  expect(status).toBe(0)
  expect(notes).toContain('Ctrl-C ends it.')
  expect(place.run('library', 'stats').status).toBe(0)
})

test.each([
  [['serve', '--address', 'example.com'], 'It must be an address'],
  [['serve', '--port', '70000'], 'It must be 0 to 65535'],
])('%j is not understood', (args, reason) => {
  const { status, stderr, stdout } = place.run(...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(reason)
})

test('serve of a folder that is not there says so', () => {
  const { status, stderr } = place.run('serve', 'no-such-folder')
  expect(status).toBe(1)
  expect(stderr).toContain('no-such-folder is not a folder')
})
