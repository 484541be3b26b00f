import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { SAMPLE, workplace } from './workplace.ts'

const START = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url))

const place = workplace()

async function firstLine(output: Readable): Promise<string> {
  return (await once(createInterface(output), 'line'))[0] as string
}

test('serve prints its address, has the folder open, and ends in order on Ctrl-C', async () => {
  const child = place.start('serve', SAMPLE)
  const notes = text(child.stderr!)
  const url = await firstLine(child.stdout!)
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
  const page = await fetch(url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<div id="app">')
  child.kill('SIGINT')
  const [status] = (await once(child, 'exit')) as [number | null]
  expect(status).toBe(0)
  expect(await notes).toContain('Ctrl-C ends it.')
  expect(place.run('library', 'stats').status).toBe(0)
})

test.runIf(process.platform === 'linux')(
  'npm start without a screen says so in one line and serves instead',
  async () => {
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env
    const child = spawn(process.execPath, [START, '--library', place.library], { env })
    const notes = text(child.stderr)
    const url = await firstLine(child.stdout)
    expect((await fetch(url)).status).toBe(200)
    child.kill('SIGINT')
    expect((await once(child, 'exit'))[0]).toBe(0)
    const lines = (await notes)
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('Building'))
    expect(lines[0]).toBe('There is no screen: Heirloom is served in the browser instead.')
    expect(lines).toHaveLength(2)
  },
)

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
