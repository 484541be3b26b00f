import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openPool } from '../../src-main/engine/pool.ts'
import { recoverFromFingerprints } from '../../src-main/engine/fingerprint-recovery.ts'
import { recoverFolder } from '../../src-main/engine/recover-folder.ts'
import { adapterSimulator } from '../support/simulate-adapters.ts'
import { writeSafetensors, type TensorToWrite } from '../support/write-safetensors.ts'
import { openPlace } from './place.ts'

/** Wider than a sketch: attention has to be read again. */
const WIDTH = 80
const RANK = 4

const place = openPlace()

function tensor(name: string, values: Float32Array, shape: readonly number[]): TensorToWrite {
  return { name, dtype: 'F32', shape, data: new Uint8Array(values.slice().buffer) }
}

/** A folder with a model, a model that is none of its relatives, and an adapter of the first. */
function writeFamily(name: string): string {
  const folder = join(place.folder, name)
  const make = adapterSimulator(8, WIDTH, RANK)
  const base = make.root()
  const write = (path: string, tensors: TensorToWrite[]): void => {
    fs.mkdirSync(join(folder, path, '..'), { recursive: true })
    writeSafetensors(join(folder, path), tensors)
  }
  for (const [path, weights] of Object.entries({ base, other: make.root() })) {
    const tensors = [...weights].map(([module, values]) => tensor(`${module}.weight`, values, [WIDTH, WIDTH]))
    write(`${path}/model.safetensors`, tensors)
  }
  const factors = [...make.adapterOf(base)].flatMap(([module, { a, b }]) => [
    tensor(`base_model.model.${module}.lora_A.weight`, a, [RANK, WIDTH]),
    tensor(`base_model.model.${module}.lora_B.weight`, b, [WIDTH, RANK]),
  ])
  write('lora/adapter_model.safetensors', factors)
  return folder
}

describe('an adapter in a folder', () => {
  it('comes into the family of its base, and what was read again is counted', async () => {
    const folder = writeFamily('whole')
    const request = { folders: [folder] as const, library: place.library, openPool: () => openPool(1) }
    const { graph, bytesReadAgain, scan } = await recoverFolder(request)
    expect(graph.relations).toMatchObject([{ parent: 'base', child: 'lora', type: 'adapter', rank: RANK }])
    expect(graph.relations[0]!.reason).toContain('base')
    expect(graph.models.map(({ id, family, root }) => [id, family, root])).toEqual([
      ['base', 'family-1', true],
      ['lora', 'family-1', false],
      ['other', null, false],
    ])
    // No more than the adapter and the attention of the two models, each of them twice at most.
    expect(bytesReadAgain).toBeGreaterThan(0)
    expect(bytesReadAgain).toBeLessThan(2 * scan.stats.bytesFound)
  })

  it('stays alone, with a problem, where a file that must be read again has gone', async () => {
    const { models } = await place.scan(writeFamily('gone'))
    const stored = new Map(models.map(({ path, location }) => [path, place.library.load(location)!]))
    fs.rmSync(join(place.folder, 'gone', 'base'), { recursive: true })
    const { recovery, problem } = await recoverFromFingerprints(stored, models)
    expect(recovery.relations).toEqual([])
    expect(problem?.path).toBe(join(place.folder, 'gone', 'base', 'model.safetensors'))
  })

  it('is left out where the placing is interrupted', async () => {
    const { models } = await place.scan(writeFamily('interrupted'))
    const stored = new Map(models.map(({ path, location }) => [path, place.library.load(location)!]))
    const { recovery, problem } = await recoverFromFingerprints(stored, models, AbortSignal.abort())
    expect([recovery.relations, problem]).toEqual([[], null])
  })
})
