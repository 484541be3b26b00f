import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Moments, TensorFingerprint } from '../../src-main/fingerprint/types.ts'
import { makeModel, makeProblem, makeTensor, withTensors } from './models.ts'
import { open, temporaryPath } from './support.ts'

const plain = { noNullPrototype: true }
const number = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 5e-324))
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const bytes = fc.uint8Array({ maxLength: 50 })
const floats = fc.float32Array({ maxLength: 20 })
const text = fc.string({ unit: 'grapheme' })

const moments: fc.Arbitrary<Moments> = fc.record(
  {
    count,
    nan: count,
    infinite: count,
    zeros: count,
    min: number,
    max: number,
    mean: number,
    variance: number,
    skewness: number,
    excessKurtosis: number,
    l1: number,
    sumSquares: number,
    smallestNonZero: number,
    spacingSquares: number,
  },
  plain,
)

const tensor: fc.Arbitrary<TensorFingerprint> = fc.record(
  {
    name: text,
    block: fc.integer({ min: -1, max: 2 }),
    dtype: fc.constantFrom('F32', 'BF16', 'F4'),
    shape: fc.array(count),
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    moments: fc.option(moments),
    exponents: fc.option(fc.record({ first: fc.integer({ min: -1074, max: 1023 }), counts: fc.array(count) }, plain)),
    sketch: fc.option(floats),
    sample: fc.option(bytes),
    grid: fc.option(
      fc.record(
        {
          scope: fc.constantFrom('tensor', 'row', 'group'),
          groupSize: count,
          levels: count,
          residual: number,
          steps: floats,
        },
        plain,
      ),
    ),
  },
  plain,
)

describe('what was saved is loaded', () => {
  test('bit for bit, whatever the numbers', () => {
    const library = open()
    fc.assert(
      fc.property(fc.array(tensor, { maxLength: 4 }), text, (tensors, name) => {
        const model = withTensors(`/models/${name}`, tensors)
        library.save(model)
        expect(library.load(model.location)).toStrictEqual(model)
      }),
    )
  })

  test('with NaN kept in sketches to the last bit', () => {
    const sketch = new Float32Array(new Uint32Array([0x7fc00001, 0xffc0dead, 0x80000000]).buffer)
    const library = open()
    library.save(withTensors('/m', [{ ...makeTensor('t'), sketch }]))
    const loaded = library.load('/m')?.tensors[0]?.sketch
    expect(new Uint32Array(loaded?.buffer ?? new ArrayBuffer())).toEqual(new Uint32Array(sketch.buffer))
  })

  test('from a sketch that is a window of a larger buffer', () => {
    const library = open()
    const sketch = Float32Array.from([1, 2, 3, 4]).subarray(1, 3)
    library.save(withTensors('/m', [{ ...makeTensor('t'), sketch }]))
    expect(library.load('/m')?.tensors[0]?.sketch).toEqual(Float32Array.from([2, 3]))
  })

  test('after the library was closed and opened again', () => {
    const path = temporaryPath()
    const library = open(path)
    library.save(makeModel('/a'))
    library.close()
    expect(open(path).load('/a')).toStrictEqual(makeModel('/a'))
  })

  test('in place of what the location held before', () => {
    const library = open()
    library.save(makeModel('/a', 5))
    const replacement = withTensors('/a', [makeTensor('new')])
    library.save(replacement)
    expect(library.load('/a')).toStrictEqual(replacement)
    expect(library.stats()).toMatchObject({ models: 1, tensors: 1 })
  })
})

test('nothing is loaded from a location that was never saved', () => {
  const library = open()
  library.save(makeModel('/a'))
  expect(library.load('/A')).toBeUndefined()
  library.saveProblem(makeProblem('/bad'))
  expect(library.load('/bad')).toBeUndefined()
})

test('a model with a wrong content hash is refused and leaves the old one in place', () => {
  const library = open()
  library.save(makeModel('/a'))
  expect(() => library.save({ ...makeModel('/a', 1), contentHash: '00'.repeat(32) })).toThrow(RangeError)
  expect(library.load('/a')).toStrictEqual(makeModel('/a'))
})

test('a model that cannot be stored as a whole leaves the old one in place', () => {
  const library = open()
  library.save(makeModel('/a'))
  const broken = { ...makeModel('/a', 2), measuredAt: null as unknown as string }
  expect(() => library.save(broken)).toThrow('NOT NULL')
  expect(library.load('/a')).toStrictEqual(makeModel('/a'))
})

test('the list is sorted and has no tensors', () => {
  const library = open()
  library.save(makeModel('/b', 2))
  library.save(makeModel('/a', 1))
  library.saveProblem(makeProblem('/c'))
  expect(library.list().map(({ location }) => location)).toEqual(['/a', '/b'])
  expect(library.list()[0]).toStrictEqual({
    location: '/a',
    kind: 'model',
    layout: 'folder',
    bytes: 1_000_000,
    contentHash: makeModel('/a', 1).contentHash,
    tensors: 1,
    measuredAt: '2026-01-02T03:04:05.678Z',
  })
})
