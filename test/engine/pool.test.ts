import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { MeasureJob } from '../../src-main/engine/jobs.ts'
import { planJobs } from '../../src-main/engine/jobs.ts'
import { type MeasurePool, openPool } from '../../src-main/engine/pool.ts'
import { identify } from '../../src-main/files/identity.ts'
import type { TensorRange } from '../../src-main/fingerprint/types.ts'
import { writeModel } from './models.ts'
import { openPlace, poolThat } from './place.ts'

const place = openPlace()
const pools: MeasurePool[] = []
afterAll(() => Promise.all(pools.map((pool) => pool.close())))

function newPool(workers: number): MeasurePool {
  const pool = openPool(workers)
  pools.push(pool)
  return pool
}

const rangeAt = (file: string, offset: number, elements: number): TensorRange => ({
  name: 'a',
  block: -1,
  dtype: 'F32',
  shape: [elements],
  file,
  offset,
  length: 4 * elements,
})

/** A job that reads beyond the end of the file: a bug of the caller, which kills the thread. */
function deadly(job: MeasureJob): MeasureJob {
  return { ...job, ranges: [rangeAt(job.files[0]!.path, 2 ** 40, 1)] }
}

function sampleJob(name: string): MeasureJob {
  const file = join(writeModel(place.folder, name, 16, 1), 'model.safetensors')
  return { files: [identify(file)], ranges: [rangeAt(file, 1024, 256)] }
}

describe('a thread that dies', () => {
  it('costs one model, and another thread takes its place', async () => {
    const folder = join(place.folder, 'models')
    for (const [seed, name] of ['a', 'b', 'c'].entries()) writeModel(folder, name, 64, seed)
    const file = join(folder, 'b', 'model.safetensors')
    const { problems, models } = await place.scan(
      folder,
      poolThat((pool, jobs) => pool.measure(jobs[0]!.files[0]!.path === file ? jobs.map(deadly) : jobs)),
    )
    expect(problems.map(({ path, code }) => [path, code])).toEqual([[file, 'READER_STOPPED']])
    expect(models.map(({ path }) => path)).toEqual(['a', 'c'])

    // It may have been bad luck: nothing is remembered, and the next scan tries again.
    const next = await place.scan(folder)
    expect(next.problems).toEqual([])
    expect(next.stats.modelsRead).toBe(1)
  })

  it('does not take the other threads with it', async () => {
    const pool = newPool(2)
    const job = sampleJob('alive')
    const death = expect(pool.measure([deadly(job)])).rejects.toMatchObject({ code: 'READER_STOPPED' })
    const measured = await Promise.all(Array.from({ length: 8 }, () => pool.measure([job])))
    await death
    expect(measured.flat()).toHaveLength(8)
    for (const each of measured) expect(each).toEqual(measured[0])
  })

  it('leaves no work waiting when it is stopped from outside', async () => {
    const pool = openPool(1)
    const work = expect(pool.measure([sampleJob('stopped')])).rejects.toMatchObject({ code: 'READER_STOPPED' })
    await pool.close()
    await work
  })
})

describe('the measurements of a model', () => {
  it('come in the order of its ranges, whatever number of threads did them', async () => {
    const file = join(writeModel(place.folder, 'order', 512, 3), 'model.safetensors')
    const ranges = Array.from({ length: 60 }, (_, i) => rangeAt(file, 1024 + 8192 * i, 2048))
    const jobs = (workers: number): MeasureJob[] => planJobs(ranges, [identify(file)], workers)
    const alone = await newPool(1).measure(jobs(1))
    const together = await newPool(3).measure(jobs(3))
    expect(alone).toHaveLength(60)
    expect(new Set(alone.map(({ hash }) => Buffer.from(hash).toString('hex'))).size).toBe(60)
    expect(together).toEqual(alone)
  })
})

describe('planJobs', () => {
  it('keeps ranges in order and gives each job the files it needs', () => {
    const files = ['a', 'b'].map((path) => ({ path, size: 2 ** 30, mtimeNs: '0', device: '0', inode: '0' }))
    const ranges = files.flatMap(({ path }) => Array.from({ length: 9 }, (_, i) => rangeAt(path, i * 2 ** 22, 2 ** 20)))
    const jobs = planJobs(ranges, files, 2)
    expect(jobs.flatMap((job) => job.ranges)).toEqual(ranges)
    expect(jobs.length).toBeGreaterThanOrEqual(8)
    for (const job of jobs) {
      expect(new Set(job.files.map(({ path }) => path))).toEqual(new Set(job.ranges.map(({ file }) => file)))
    }
  })

  it('makes one job of a small model', () => {
    const file = { path: 'a', size: 4096, mtimeNs: '0', device: '0', inode: '0' }
    const ranges = Array.from({ length: 70 }, (_, i) => rangeAt('a', 8 * i, 2))
    expect(planJobs(ranges, [file], 8)).toHaveLength(1)
  })
})
