import { describe, expect, it, onTestFinished } from 'vitest'
import type { EnginePreference } from '../../../../src-main/contract/settings.ts'
import { pairDevice, type PairDevice } from '../../../../src-main/engine/compute/dawn/pair-device.ts'
import { squaredDistances } from '../../../../src-main/heritage/pairwise.ts'
import { finish } from '../../../../src-main/heritage/steps.ts'
import { hasAdapter } from '../../../compute/dawn.ts'
import { gaussian } from '../../../fingerprint/support.ts'

const rows = Array.from({ length: 40 }, (_, i) => new Float32Array(gaussian(100, i)))
const request = { operation: 'squared distance', rows, others: rows } as const

/** As large as a request of many models, and made of one row. */
const large = { operation: 'squared distance', rows: new Array(3000).fill(new Float32Array(4096)) } as const

function open(preference: EnginePreference): PairDevice | null {
  const settings = { get: () => undefined, set: () => {}, remove: () => {} }
  const device = pairDevice({ preference, settings, workers: 2 })
  onTestFinished(() => device?.close())
  return device
}

describe('pairDevice', () => {
  it('is none where the processor was asked for', () => expect(open('cpu')).toBeNull())

  it('opens no device in auto while little is asked', async () => {
    expect(await open('auto')!.measure(request)).toBeNull()
  })

  it('takes no device in auto that no scan has found to be faster', async () => {
    await expect(open('auto')!.measure({ ...large, others: large.rows })).rejects.toMatchObject({
      name: 'ComputeFailure',
    })
  })

  it.runIf(hasAdapter)('measures in a process of its own what the processor measures', async () => {
    const found = await open('gpu')!.measure(request)
    finish(
      squaredDistances(rows, rows, (i, j, distance) => {
        expect(Math.abs(found![i * rows.length + j]! - distance)).toBeLessThanOrEqual(1e-6 * distance)
      }),
    )
  })
})
