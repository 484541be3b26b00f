import fc from 'fast-check'
import { SafeTensor } from 'safetensors'
import { describe, expect, it } from 'vitest'
import { DTYPE_BITS, type Dtype } from '../../../src-main/formats/dtype.ts'
import { readHeader } from '../../../src-main/formats/safetensors/header.ts'
import { encodeFile, encodeSafetensors, float32, type TensorToWrite } from '../../support/write-safetensors.ts'
import { memorySource } from '../memory-source.ts'

const dtypes = Object.keys(DTYPE_BITS) as Dtype[]

/** Tensors of any dtype and shape, filled with their own number. A last dimension of 8 makes whole bytes of every dtype. */
const anyTensors: fc.Arbitrary<TensorToWrite[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__'),
      dtype: fc.constantFrom(...dtypes),
      outer: fc.array(fc.nat(3), { maxLength: 5 }),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  )
  .map((tensors) =>
    tensors.map(({ name, dtype, outer }, index) => {
      const elements = outer.reduce((product, size) => product * size, 8)
      return {
        name,
        dtype,
        shape: [...outer, 8],
        data: new Uint8Array((elements * DTYPE_BITS[dtype]) / 8).fill(index + 1),
      }
    }),
  )

/** What was written, read back by our entries. */
function readBack(bytes: Uint8Array): TensorToWrite[] {
  return readHeader(memorySource(bytes)).map(({ name, dtype, shape, offset, length }) => {
    return { name, dtype, shape, data: bytes.slice(offset, offset + length) }
  })
}

function problemOf(bytes: Uint8Array): unknown {
  try {
    return readHeader(memorySource(bytes))
  } catch (error) {
    return error
  }
}

describe('readHeader', () => {
  it('reads back any layout', () => {
    fc.assert(
      fc.property(
        anyTensors,
        fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
        (tensors, metadata) => {
          expect(readBack(encodeSafetensors(tensors, metadata))).toEqual(tensors)
        },
      ),
    )
  })

  it('agrees with another reader', () => {
    fc.assert(
      fc.property(anyTensors, (tensors) => {
        const bytes = encodeSafetensors(tensors)
        const other = new SafeTensor(bytes)
        const read = readBack(bytes).filter(({ name }) => name !== '__proto__') // lost by a plain object
        expect(read.map(({ data }) => data)).toEqual(read.map(({ name }) => other.getTensor(name)))
      }),
    )
  })

  it('reads the length and the header, nothing else, of a file of a terabyte', () => {
    const size = 2 ** 40
    const header = `{"a":{"dtype":"U8","shape":[${size - 100}],"data_offsets":[0,${size - 100}]}}`.padEnd(92)
    const source = memorySource(encodeFile(header), '/models/large.safetensors', size)
    expect(readHeader(source)).toEqual([
      {
        name: 'a',
        dtype: 'U8',
        shape: [size - 100],
        file: '/models/large.safetensors',
        offset: 100,
        length: size - 100,
      },
    ])
    expect(source.ranges).toEqual([
      [0, 8],
      [8, 92],
    ])
  })

  it('sorts by offset, whatever the order of the header', () => {
    const tensor = (begin: number) => `{"dtype":"U8","shape":[1],"data_offsets":[${begin},${begin + 1}]}`
    const bytes = encodeFile(`{"c":${tensor(2)},"1":${tensor(1)},"b":${tensor(0)}}`, new Uint8Array(3))
    expect(readBack(bytes).map(({ name }) => name)).toEqual(['b', '1', 'c'])
  })

  it('keeps names apart that are equal only after normalization', () => {
    const tensors = [float32('\u00e9', [1]), float32('e\u0301', [2])]
    expect(readBack(encodeSafetensors(tensors))).toEqual(tensors)
  })

  it('reads a hundred thousand tensors', () => {
    const tensor = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}'
    const members = Array.from({ length: 100_000 }, (_, index) => `"layers.${index}":${tensor}`)
    expect(readHeader(memorySource(encodeFile(`{${members.join(',')}}`)))).toHaveLength(100_000)
  })

  it.each([
    ['in the JSON', '{"é":x}', 6],
    ['in a field', '{"é":{"dtype":1}}', 15],
    ['in a tensor', '{"é":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', 1],
  ])('gives the byte offset of a fault %s', (_, header, offset) => {
    expect(problemOf(encodeFile(header, new Uint8Array(2)))).toMatchObject({ offset: 8 + offset })
  })

  it('gives the byte offset of the first byte that is not UTF-8', () => {
    const header = Buffer.concat([Buffer.from('{"é'), Buffer.from([0xc3, 0x28])])
    expect(problemOf(encodeFile(header))).toMatchObject({ code: 'SAFETENSORS_HEADER_NOT_UTF8', offset: 8 + 4 })
  })

  it('names the tensor at fault without repeating what it could do to a terminal', () => {
    const problem = problemOf(encodeFile('{"\\u001b[31m\\u202e":{}}'))
    expect(problem).toMatchObject({ message: expect.stringContaining('"\\u001b[31m\\u{202e}"') })
  })
})
