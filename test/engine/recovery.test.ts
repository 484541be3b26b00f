import { describe, expect, it } from 'vitest'
import { recoverFromFingerprints } from '../../src-main/engine/fingerprint-recovery.ts'
import { createMeasurer } from '../../src-main/fingerprint/measure.ts'
import type { RecoveryProgress } from '../../src-main/heritage/recover.ts'
import { sha256, wasmKernels } from '../support/kernels.ts'
import { simulateForest } from '../support/simulate-forest.ts'
import { storeModels } from '../support/store-models.ts'

const measurer = createMeasurer(wasmKernels()[0]!, sha256)
const models = storeModels(simulateForest({ families: [60, 20], layers: 1, seed: 9 }, measurer))

describe('recoverFromFingerprints', () => {
  it('shows its progress, and finds families', async () => {
    const seen: RecoveryProgress[] = []
    const { recovery } = await recoverFromFingerprints(models, [], undefined, (progress) => seen.push(progress))
    expect(recovery.families.map(({ members }) => members.length)).toEqual([60, 20])
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every(({ models, modelsDone }) => models === 80 && modelsDone <= 80)).toBe(true)
  })

  it('stops soon after its signal, with nothing found', async () => {
    const abort = new AbortController()
    const { recovery, problem } = await recoverFromFingerprints(models, [], abort.signal, () => abort.abort())
    expect(recovery.families).toEqual([])
    expect(recovery.relations).toEqual([])
    expect(problem).toBeNull()
  })
})
