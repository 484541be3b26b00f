import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentHash } from '../../src-main/library/identity.ts'
import { makeTensor } from './models.ts'

const tensors = ['a', 'b', 'c'].map(makeTensor)

test('the content hash is the documented one', () => {
  const hash = new Uint8Array(32).fill(0xab)
  const lines = `BF16 [] ${'ab'.repeat(32)}\nF32 [2,3] ${'ab'.repeat(32)}\n`
  expect(
    contentHash([
      { dtype: 'F32', shape: [2, 3], hash },
      { dtype: 'BF16', shape: [], hash },
    ]),
  ).toBe(createHash('sha256').update(lines).digest('hex'))
})

test('names and order do not matter', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(tensors, { minLength: 3 }), fc.string(), (shuffled, name) => {
      expect(contentHash(shuffled.map((tensor) => ({ ...tensor, name })))).toBe(contentHash(tensors))
    }),
  )
})

test('dtype, shape, bytes and repetition matter', () => {
  const [first, ...others] = tensors as [(typeof tensors)[0], ...typeof tensors]
  const variants = [
    tensors,
    others,
    [first, ...tensors],
    [{ ...first, dtype: 'F16' as const }, ...others],
    [{ ...first, shape: [768 * 768] }, ...others],
    [{ ...first, hash: new Uint8Array(32) }, ...others],
  ]
  expect(new Set(variants.map(contentHash)).size).toBe(variants.length)
})
