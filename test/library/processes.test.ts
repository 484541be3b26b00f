import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { makeModel } from './models.ts'
import { open, temporaryPath } from './support.ts'

interface Writer {
  readonly process: ReturnType<typeof spawn>
  /** Resolves when the process is gone. */
  readonly exit: Promise<{ status: number | null; saved: number; errors: string }>
}

/** Starts a process that saves models; `onSaved` is called for each. */
function startWriter(
  path: string,
  name: string,
  count: number,
  tensors: number,
  onSaved?: (saved: number) => void,
): Writer {
  const script = join(import.meta.dirname, 'writer.ts')
  const child = spawn(process.execPath, [script, path, name, String(count), String(tensors)])
  let output = ''
  let errors = ''
  const saved = () => output.split('\n').length - 1
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
    onSaved?.(saved())
  })
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  const exit = once(child, 'close').then(() => ({ status: child.exitCode, saved: saved(), errors }))
  return { process: child, exit }
}

function checkFile(path: string): unknown {
  const database = new Database(path)
  try {
    return [database.pragma('integrity_check', { simple: true }), database.pragma('foreign_key_check')]
  } finally {
    database.close()
  }
}

test('processes that create and fill one library at once wait for each other and lose nothing', async () => {
  const path = temporaryPath()
  const names = ['a', 'b', 'c', 'd']
  const results = await Promise.all(names.map((name) => startWriter(path, name, 15, 2).exit))
  expect(results).toEqual(names.map(() => ({ status: 0, saved: 15, errors: '' })))
  const library = open(path)
  expect(library.stats()).toMatchObject({ models: 60, tensors: 120 })
  expect(library.load('/c/14')).toStrictEqual(makeModel('/c/14', 2))
  expect(checkFile(path)).toEqual(['ok', []])
})

test('processes that open one damaged library at once set it aside once and share the new one', async () => {
  const path = temporaryPath()
  writeFileSync(path, 'garbage '.repeat(5000))
  const names = ['a', 'b', 'c', 'd']
  const results = await Promise.all(names.map((name) => startWriter(path, name, 5, 1).exit))
  expect(results.map(({ status, saved }) => [status, saved])).toEqual(names.map(() => [0, 5]))
  expect(results.filter(({ errors }) => errors.includes('The library was damaged'))).toHaveLength(1)
  expect(readdirSync(dirname(path)).filter((name) => name.includes('.damaged-'))).toHaveLength(1)
  expect(open(path).stats().models).toBe(20)
})

test.each([0, 1, 2, 3, 4, 5])(
  'a process killed after more than %i models loses at most the one it was writing',
  async (round) => {
    const path = temporaryPath()
    const writer = startWriter(path, 'k', 1000, 40, (saved) => {
      if (saved > round) setTimeout(() => writer.process.kill('SIGKILL'), round * 2)
    })
    const { saved } = await writer.exit
    expect(saved).toBeGreaterThan(round)
    expect(saved, 'the process was killed in its work').toBeLessThan(1000)

    const messages: string[] = []
    const library = open(path, messages)
    const { models } = library.stats()
    expect(models - saved === 0 || models - saved === 1, `${saved} were saved, ${models} are there`).toBe(true)
    for (let index = 0; index < models; index++) {
      const model = makeModel(`/k/${index}`, 40)
      expect(library.lookup(model.location, model.files)).toEqual({ state: 'measured' })
      expect(library.load(model.location)?.contentHash).toBe(model.contentHash)
    }
    library.save(makeModel('/after', 1))
    expect(messages).toEqual([])
    expect(checkFile(path)).toEqual(['ok', []])
  },
)
