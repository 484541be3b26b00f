import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Graph } from '../../src-main/contract/graph.ts'
import { recoverFromFingerprints } from '../../src-main/engine/fingerprint-recovery.ts'
import { buildGraph } from '../../src-main/engine/graph.ts'
import { createMeasurer } from '../../src-main/fingerprint/measure.ts'
import type { PairEngine, PairOperation } from '../../src-main/fingerprint/pairs.ts'
import { openPairEngine } from '../../src-renderer/compute/pairs.ts'
import { sha256, wasmKernels } from '../support/kernels.ts'
import { simulateForest } from '../support/simulate-forest.ts'
import { storeModels } from '../support/store-models.ts'
import { gpu, hasAdapter, shaders } from './dawn.ts'

describe.skipIf(!hasAdapter)('a recovery driven with a device', () => {
  let device: GPUDevice
  let engine: PairEngine
  beforeAll(async () => {
    device = await (await gpu.requestAdapter())!.requestDevice()
    engine = await openPairEngine(device, shaders)
  })
  afterAll(() => device.destroy())

  it('gives the graph that the processor gives', async () => {
    const measurer = createMeasurer(wasmKernels()[0]!, sha256)
    const models = storeModels(simulateForest({ families: [150, 8, 1, 1, 1], layers: 1, seed: 11 }, measurer))
    const asked = new Set<PairOperation>()
    const counting: PairEngine = {
      measure: (request) => {
        asked.add(request.operation)
        return engine.measure(request)
      },
    }
    const recover = async (pairs: PairEngine | null): Promise<Graph> => {
      const { recovery } = await recoverFromFingerprints(models, null, undefined, undefined, pairs)
      return buildGraph('/models', { problems: [] }, models, recovery)
    }
    const found = await recover(counting)
    expect([...asked]).toEqual(['inner product', 'squared distance'])
    expect(found.relations.length).toBeGreaterThan(140)
    expect(found).toEqual(await recover(null))
  })
})
