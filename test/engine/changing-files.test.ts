import fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { encodeFile } from '../support/write-safetensors.ts'
import { writeModel } from './models.ts'
import { openPlace, poolThat } from './place.ts'

const place = openPlace()

/** Three models; something happens to the second one. */
function threeModels(name: string): { folder: string; file: string } {
  const folder = join(place.folder, name)
  for (const [seed, model] of ['a', 'b', 'c'].entries()) writeModel(folder, model, 64, seed)
  return { folder, file: join(folder, 'b', 'model.safetensors') }
}

const locations = (models: readonly { path: string }[]): string[] => models.map(({ path }) => path)

describe('a file that changes between its header and its weights', () => {
  it.each([
    ['is written to', 'FILE_CHANGED', (file: string) => fs.appendFileSync(file, 'x')],
    ['is cut short', 'FILE_CHANGED', (file: string) => fs.truncateSync(file, 1000)],
    ['is replaced', 'FILE_CHANGED', (file: string) => replace(file)],
    ['is touched', 'FILE_CHANGED', (file: string) => fs.utimesSync(file, 1, 1)],
    ['is deleted', 'FILE_NOT_FOUND', (file: string) => fs.rmSync(file)],
    ['becomes a folder', 'FILE_NOT_REGULAR', (file: string) => (fs.rmSync(file), fs.mkdirSync(file))],
  ])('%s: %s, not kept, and the scan goes on', async (how, code, change) => {
    const { folder, file } = threeModels(how)
    const original = fs.readFileSync(file)
    const result = await place.scan(
      folder,
      poolThat((pool, jobs) => {
        if (jobs[0]?.files[0]?.path === file) change(file)
        return pool.measure(jobs)
      }),
    )
    expect(result.problems.map((problem) => [problem.path, problem.code])).toEqual([[file, code]])
    expect(locations(result.models)).toEqual(['a', 'c'])
    expect(place.library.load(join(folder, 'b'))).toBeUndefined()

    fs.rmSync(file, { recursive: true, force: true })
    fs.writeFileSync(file, original)
    const next = await place.scan(folder)
    expect(next.problems).toEqual([])
    expect(locations(next.models)).toEqual(['a', 'b', 'c'])
    expect(next.stats.modelsRead).toBe(1)
  })
})

function replace(file: string): void {
  fs.copyFileSync(file, `${file}.new`)
  fs.renameSync(`${file}.new`, file)
}

describe('a file that changes while its weights are read', () => {
  const BYTES = 256 * 2 ** 20

  /** One sparse matrix of a quarter of a gibibyte: the thread needs a while for it. */
  function sparseModel(name: string): { folder: string; file: string } {
    const folder = join(place.folder, name)
    fs.mkdirSync(folder)
    const file = join(folder, 'model.safetensors')
    const header = `{"a":{"dtype":"F32","shape":[${BYTES / 4096},1024],"data_offsets":[0,${BYTES}]}}`
    const start = encodeFile(header)
    fs.writeFileSync(file, start)
    fs.truncateSync(file, start.length + BYTES)
    return { folder, file }
  }

  it.each([
    ['cut short', 'FILE_TRUNCATED', (file: string) => fs.truncateSync(file, 4096)],
    ['written to', 'FILE_CHANGED', (file: string) => fs.utimesSync(file, 1, 1)],
  ])('%s: %s, and not kept', async (how, code, change) => {
    const { folder, file } = sparseModel(how)
    const result = await place.scan(
      folder,
      poolThat(async (pool, jobs) => {
        const measured = pool.measure(jobs)
        while (pool.bytesRead() === 0) await setTimeout(1)
        expect(pool.bytesRead()).toBeLessThan(BYTES)
        change(file)
        return measured
      }),
    )
    fs.rmSync(file)
    expect(result.problems.map((problem) => [problem.path, problem.code])).toEqual([[file, code]])
    expect(result.models).toEqual([])
    expect(place.library.load(folder)).toBeUndefined()
  })
})
