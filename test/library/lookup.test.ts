import { describe, expect, test } from 'vitest'
import type { FileIdentity } from '../../src-main/files/types.ts'
import { makeFile, makeModel, makeProblem } from './models.ts'
import { open, runSql, temporaryPath } from './support.ts'

const { files } = makeModel('/a')
const [file] = files as [FileIdentity]

describe('a measured model', () => {
  test('need not be read again while its files are the same', () => {
    const library = open()
    library.save(makeModel('/a'))
    expect(library.lookup('/a', files)).toEqual({ state: 'measured' })
  })

  test('is found whatever the order of its files', () => {
    const library = open()
    const shards = [makeFile('/a/2'), makeFile('/a/1')]
    library.save({ ...makeModel('/a'), files: shards })
    expect(library.lookup('/a', shards.toReversed())).toEqual({ state: 'measured' })
    expect(library.load('/a')?.files).toEqual(shards)
  })

  test.each([
    ['size', [{ ...file, size: file.size + 1 }]],
    ['time, by one nanosecond', [{ ...file, mtimeNs: '1767323045678901235' }]],
    ['device', [{ ...file, device: '1' }]],
    ['inode, in its last digit', [{ ...file, inode: '18446744073709551614' }]],
    ['path', [{ ...file, path: '/a/other.safetensors' }]],
    ['number of files', [file, makeFile('/a/second')]],
    ['number of files, to none', []],
  ])('is read again after a change of %s', (_, changed: FileIdentity[]) => {
    const library = open()
    library.save(makeModel('/a'))
    expect(library.lookup('/a', changed)).toEqual({ state: 'unknown' })
  })

  test('is unknown at another location', () => {
    const library = open()
    library.save(makeModel('/a'))
    expect(library.lookup('/b', files)).toEqual({ state: 'unknown' })
  })
})

test('fingerprints of another version are kept out of every answer', () => {
  const path = temporaryPath()
  const library = open(path)
  library.save(makeModel('/a'))
  library.saveProblem(makeProblem('/bad'))
  runSql(path, 'UPDATE locations SET fingerprint_version = fingerprint_version + 1')
  expect(library.lookup('/a', files)).toEqual({ state: 'unknown' })
  expect(library.lookup('/bad', makeProblem('/bad').files)).toEqual({ state: 'unknown' })
  expect(library.load('/a')).toBeUndefined()
  expect(library.list()).toEqual([])
  expect(library.stats()).toMatchObject({ models: 0, problems: 0, tensors: 0, bytesOfWeights: 0 })
  library.save(makeModel('/a'))
  expect(library.load('/a')).toStrictEqual(makeModel('/a'))
})

describe('a permanent problem', () => {
  test.each([
    ['with an offset', makeProblem('/bad')],
    ['without one', { ...makeProblem('/bad'), offset: undefined }],
    ['at offset 0', { ...makeProblem('/bad'), offset: 0 }],
  ])('is remembered %s', (_, problem) => {
    const library = open()
    library.saveProblem(problem)
    expect(library.lookup('/bad', problem.files)).toStrictEqual({ state: 'problem', problem })
  })

  test('is forgotten when the file changes', () => {
    const library = open()
    const problem = makeProblem('/bad')
    library.saveProblem(problem)
    const changed = problem.files.map((each) => ({ ...each, mtimeNs: '1' }))
    expect(library.lookup('/bad', changed)).toEqual({ state: 'unknown' })
  })

  test('takes the place of a model, and a model that of a problem', () => {
    const library = open()
    library.save(makeModel('/a'))
    library.saveProblem(makeProblem('/a'))
    expect(library.load('/a')).toBeUndefined()
    expect(library.stats()).toMatchObject({ models: 0, problems: 1, tensors: 0 })
    library.save(makeModel('/a'))
    expect(library.lookup('/a', files)).toEqual({ state: 'measured' })
    expect(library.stats()).toMatchObject({ models: 1, problems: 0 })
  })

  test('is not remembered if reading again may go better', () => {
    const library = open()
    expect(() => library.saveProblem({ ...makeProblem('/bad'), code: 'FILE_CHANGED' })).toThrow(RangeError)
  })

  test('with a code that this version does not know is read again', () => {
    const path = temporaryPath()
    const library = open(path)
    library.saveProblem(makeProblem('/bad'))
    runSql(path, "UPDATE problems SET code = 'NO_LONGER_KNOWN'")
    expect(library.lookup('/bad', makeProblem('/bad').files)).toEqual({ state: 'unknown' })
  })
})
