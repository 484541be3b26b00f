import { describe, expect, it } from 'vitest'
import { planRanges } from '../../src-main/fingerprint/ranges.ts'
import { DTYPE_BITS, type Dtype } from '../../src-main/formats/dtype.ts'
import type { TensorEntry } from '../../src-main/formats/types.ts'

function entry(name: string, shape: number[], dtype: Dtype = 'F32', offset = 100): TensorEntry {
  const length = (shape.reduce((a, b) => a * b, 1) * DTYPE_BITS[dtype]) / 8
  return { name, dtype, shape, file: '/m/model.safetensors', offset, length }
}

describe('planRanges', () => {
  it('takes a tensor as a whole', () => {
    const entries = [
      entry('a.weight', [32, 64]),
      entry('a.bias', [32]),
      entry('step', [], 'I64'),
      entry('none', [3, 0]),
    ]
    expect(planRanges(entries)).toEqual(entries.map((whole) => ({ ...whole, block: -1 })))
  })

  it('takes a fused matrix and its bias as three row blocks that cover it', () => {
    const ranges = planRanges([
      entry('h.0.attn.bias', [96], 'BF16', 7),
      entry('h.0.attn.weight', [96, 32], 'BF16', 300),
    ])
    expect(ranges.map(({ name, block, shape, offset, length }) => [name, block, shape, offset, length])).toEqual([
      ['h.0.attn.bias', 0, [32], 7, 64],
      ['h.0.attn.bias', 1, [32], 71, 64],
      ['h.0.attn.bias', 2, [32], 135, 64],
      ['h.0.attn.weight', 0, [32, 32], 300, 2048],
      ['h.0.attn.weight', 1, [32, 32], 2348, 2048],
      ['h.0.attn.weight', 2, [32, 32], 4396, 2048],
    ])
  })

  it.each([
    ['narrow', [entry('w', [45, 15])]],
    ['not three times as high', [entry('w', [64, 32])]],
    ['of three dimensions', [entry('w', [96, 32, 1])]],
    ['of integers', [entry('w', [96, 32], 'I8')]],
  ])('does not split a matrix that is %s', (_, entries) => {
    expect(planRanges(entries).map(({ block }) => block)).toEqual([-1])
  })

  it('does not split a vector beside another matrix, of another length, or of integers', () => {
    const vectors = [
      entry('b.bias', [96]),
      entry('a.scale', [48]),
      entry('a.ids', [96], 'I32'),
      entry('a.x.bias', [96]),
    ]
    const ranges = planRanges([entry('a.weight', [96, 32]), ...vectors])
    expect(ranges.filter(({ shape }) => shape.length === 1).every(({ block }) => block === -1)).toBe(true)
  })
})
