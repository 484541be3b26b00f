import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openPool } from '../../src-main/engine/pool.ts'
import { scan, type ScanProgress } from '../../src-main/engine/scan.ts'
import { writeModel } from './models.ts'
import { openPlace, poolThat } from './place.ts'

const place = openPlace()
const folder = join(place.folder, 'models')
beforeAll(() => {
  for (let seed = 0; seed < 12; seed++) writeModel(folder, `model-${seed}`, 32, seed)
})

describe('a scan', () => {
  it('that was stopped before it began says so, and reads nothing', async () => {
    const signal = AbortSignal.abort(new Error('interrupted'))
    const pool = () => openPool(1)
    const result = await scan({ folders: [folder], library: place.library, openPool: pool, signal })
    expect(result).toMatchObject({ interrupted: true, models: [], stats: { bytesRead: 0 } })
  })

  it('that is stopped while it reads gives up that model and keeps the others', async () => {
    const abort = new AbortController()
    let models = 0
    const pool = poolThat((inner, jobs) => {
      if (++models === 4) setImmediate(() => abort.abort(new Error('interrupted')))
      return models === 4 ? new Promise(() => {}) : inner.measure(jobs)
    })
    const stopped = await scan({ folders: [folder], library: place.library, openPool: pool, signal: abort.signal })
    expect(stopped.interrupted).toBe(true)
    expect(stopped.problems).toEqual([])
    expect(stopped.models).toHaveLength(3)
    expect(place.library.list()).toHaveLength(3)

    const next = await place.scan(folder)
    expect(next.stats).toMatchObject({ modelsCached: 3, modelsRead: 9, modelsFound: 12 })
  })

  it('that is stopped while its threads are opened says so, whatever became of them', async () => {
    place.library.clear()
    const abort = new AbortController()
    const pool = async (): Promise<never> => {
      abort.abort(new Error('interrupted'))
      throw new Error('the device was let go')
    }
    const stopped = await scan({ folders: [folder], library: place.library, openPool: pool, signal: abort.signal })
    expect(stopped).toMatchObject({ interrupted: true, models: [], engine: null })
    const broken = () => Promise.reject(new Error('there is no device'))
    await expect(scan({ folders: [folder], library: place.library, openPool: broken })).rejects.toThrow('no device')
  })

  it('counts a model once where folders overlap', async () => {
    const pool = () => openPool(1)
    const inner = join(folder, 'model-3')
    const result = await scan({ folders: [folder, inner, folder], library: place.library, openPool: pool })
    expect(result.models).toHaveLength(12)
  })

  it('reports progress that ends with everything done', async () => {
    place.library.clear()
    const seen: ScanProgress[] = []
    const onProgress = (progress: ScanProgress): number => seen.push(progress)
    await scan({ folders: [folder], library: place.library, openPool: () => openPool(2), onProgress })
    const last = seen.at(-1)!
    expect(last).toMatchObject({ modelsDone: 12, modelsToRead: 12, bytesDone: last.bytesToRead })
    for (const { bytesDone, bytesToRead } of seen) expect(bytesDone).toBeLessThanOrEqual(bytesToRead)
  })

  it('passes a bug on instead of calling it a bad file', async () => {
    place.library.clear()
    const pool = poolThat(() => Promise.reject(new TypeError('a bug')))
    await expect(place.scan(folder, pool)).rejects.toThrow('a bug')
  })
})
