import { describe, expect, it } from 'vitest'
import { describeAdapter, openAdapter } from '../../src-renderer/compute/device.ts'
import { openComputeEngine } from '../../src-renderer/compute/engine.ts'
import { guarded } from '../../src-renderer/compute/guard.ts'
import type { ByteSource } from '../../src-renderer/compute/types.ts'
import { gaussian, float32 } from '../fingerprint/support.ts'
import { gpu, hasAdapter, openDawn, shaders } from './dawn.ts'
import { sourceOf } from './parity.ts'

const LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeInvocationsPerWorkgroup: 256,
}
const INFO = { vendor: 'acme', architecture: 'one', device: '', description: '', isFallbackAdapter: false }

/** A GPU with one adapter. */
function offering(info: Partial<typeof INFO>, limits: Partial<typeof LIMITS> = {}): GPU {
  const adapter = { info: { ...INFO, ...info }, limits: { ...LIMITS, ...limits } }
  return { requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU
}

/** A device that has something against whatever it is asked. */
function objecting(memory: string | null, validation: string | null): GPUDevice {
  const errors = [memory, validation]
  return {
    pushErrorScope: () => {},
    popErrorScope: () => {
      const message = errors.shift() ?? null
      return Promise.resolve(message === null ? null : { message })
    },
  } as unknown as GPUDevice
}

describe('openAdapter', () => {
  it('says that there is no adapter', async () => {
    const none = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU
    await expect(openAdapter(none, true)).rejects.toMatchObject({ reason: 'none' })
  })

  it.each([
    { isFallbackAdapter: true },
    { architecture: 'swiftshader' },
    { description: 'llvmpipe (LLVM 15.0.6, 256 bits)' },
    { description: 'Microsoft Basic Render Driver' },
  ])('refuses software unless it is wanted: %o', async (info) => {
    await expect(openAdapter(offering(info), false)).rejects.toMatchObject({ reason: 'software' })
    const [, report] = await openAdapter(offering(info), true)
    expect(report.software).toBe(true)
  })

  it.each([
    { maxStorageBufferBindingSize: 2 ** 20 },
    { maxStorageBuffersPerShaderStage: 4 },
    { maxComputeInvocationsPerWorkgroup: 32 },
  ])('refuses an adapter with too low limits: %o', async (limits) => {
    await expect(openAdapter(offering({}, limits), false)).rejects.toMatchObject({ reason: 'limits' })
  })

  it('names an adapter without a description by what is known', () => {
    expect(describeAdapter({ ...INFO } as unknown as GPUAdapterInfo).description).toBe('acme one')
    expect(describeAdapter({ ...INFO, vendor: '', architecture: '' } as unknown as GPUAdapterInfo).description).toBe(
      'An unnamed graphics card',
    )
  })
})

describe('guarded', () => {
  it.each([
    ['out-of-memory', 'no room', null],
    ['refused', null, 'a wrong binding'],
  ] as const)('turns what the device says into %s', async (reason, memory, validation) => {
    await expect(guarded(objecting(memory, validation), () => 1)).rejects.toMatchObject({ reason })
  })

  it('takes what the work throws for a loss', async () => {
    const work = (): never => {
      throw new Error('aborted')
    }
    await expect(guarded(objecting(null, null), work)).rejects.toMatchObject({ reason: 'lost' })
  })
})

describe.skipIf(!hasAdapter)('a device that fails', () => {
  const bytes = float32(gaussian(2_500_000, 1))

  it('rejects what is under way when it is lost in the middle of a tensor, and what comes after', async () => {
    const engine = await openDawn()
    const whole = sourceOf(bytes)
    const closing: ByteSource = {
      read(target, offset) {
        if (offset > 0) engine.close()
        return whole.read(target, offset)
      },
    }
    const [first, second] = await Promise.allSettled(
      engine.measure([
        { dtype: 'F32', shape: [bytes.length / 4], source: closing },
        { dtype: 'F32', shape: [bytes.length / 4], source: whole },
      ]),
    )
    expect(first).toMatchObject({ status: 'rejected', reason: { reason: 'lost' } })
    expect(second).toMatchObject({ status: 'rejected', reason: { reason: 'lost' } })
    const [later] = engine.measure([{ dtype: 'F32', shape: [1], source: sourceOf(float32([1])) }])
    await expect(later).rejects.toMatchObject({ reason: 'lost' })
  })

  it('cannot be opened with a kernel that does not compile', async () => {
    const broken = { ...shaders, moments: 'fn main() {' }
    await expect(openComputeEngine(gpu, broken, true)).rejects.toMatchObject({ reason: 'refused' })
  })

  it('reads no further ahead than its batches reach', async () => {
    const engine = await openDawn()
    const codes = new Uint8Array(2_500_000)
    let read = 0
    let done = 0
    let most = 0
    const counting: ByteSource = {
      read(target, offset) {
        read += target.length
        most = Math.max(most, read - done * codes.length)
        return sourceOf(codes).read(target, offset)
      },
    }
    const tensor = { dtype: 'I8', shape: [2500, 1000], source: counting } as const
    const tensors = [tensor, tensor, tensor]
    await Promise.all(engine.measure(tensors).map((measured) => measured.then(() => done++)))
    engine.close()
    // Three batches of 2^20 elements, and the part of a tensor that came back before its last piece.
    expect(most).toBeLessThanOrEqual(3 * 2 ** 20 + codes.length)
  })
})
