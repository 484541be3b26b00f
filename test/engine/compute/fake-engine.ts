import { referenceKernels } from '../../../src-main/fingerprint/kernels/reference.ts'
import { createMeasurer } from '../../../src-main/fingerprint/measure.ts'
import type { Numbers } from '../../../src-main/fingerprint/types.ts'
import type { Dtype } from '../../../src-main/formats/dtype.ts'
import type { ComputeEngine, TensorRequest } from '../../../src-renderer/compute/types.ts'
import { sha256 } from '../../support/kernels.ts'

export interface FakeEngine extends ComputeEngine {
  /** Tensors measured so far. */
  measured(): number
  closed(): boolean
}

/** A device that computes by the plain kernels, and does to each tensor (0, 1, …) what the test asks for. */
export function fakeEngine(
  meddle: (tensor: number, request: TensorRequest) => void | Promise<void> = () => {},
): FakeEngine {
  const measurer = createMeasurer(referenceKernels(), sha256)
  let begun = 0
  let measured = 0
  let closed = false

  async function measureOne(request: TensorRequest): Promise<Numbers> {
    await meddle(begun++, request)
    const { dtype, shape, source } = request
    measurer.begin(dtype, shape)
    let offset = 0
    for (let buffer = measurer.nextBuffer(); buffer.length > 0; buffer = measurer.nextBuffer()) {
      await source.read(buffer, offset)
      offset += buffer.length
      measurer.absorb()
    }
    const { moments, exponents, sketch, sample, grid } = measurer.finish()
    measured++
    return { moments, exponents, sketch, sample, grid }
  }

  return {
    adapter: { vendor: 'test', architecture: 'test', description: 'Test card', software: false },
    supports: (dtype: Dtype) => dtype !== 'I64',
    measure(tensors) {
      let before: Promise<unknown> = Promise.resolve()
      return tensors.map((request) => {
        const done = before.then(() => measureOne(request))
        before = done.catch(() => {})
        return done
      })
    },
    close: () => void (closed = true),
    measured: () => measured,
    closed: () => closed,
  }
}
