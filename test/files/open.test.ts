import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { identify } from '../../src-main/files/identity.ts'
import { type OpenFile, openFile } from '../../src-main/files/open.ts'

const CONTENT = Uint8Array.from({ length: 1000 }, (_, index) => index % 251)

let folder: string
let path: string
const opened: OpenFile[] = []
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'heirloom-open-'))
  path = join(folder, 'file.safetensors')
  fs.writeFileSync(path, CONTENT)
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const file of opened.splice(0)) file.close()
  fs.rmSync(folder, { recursive: true })
})

function open(...[file]: Parameters<typeof openFile>): OpenFile {
  const result = openFile(file)
  opened.push(result)
  return result
}

/** As the operating system would fail in this call. */
function failure(code: string): Error {
  return Object.assign(new Error(code), { code, syscall: 'read', errno: -5 })
}

describe('reading', () => {
  it('returns exactly the bytes asked for and counts them', () => {
    const file = open(path)
    expect(file.size).toBe(1000)
    expect(file.read(990, 10)).toEqual(CONTENT.slice(990))
    expect(file.read(1000, 0)).toEqual(new Uint8Array(0))
    expect(file.bytesRead).toBe(10)
  })

  it('fills a view of shared memory and nothing around it', () => {
    const memory = new Uint8Array(new SharedArrayBuffer(30)).fill(255)
    open(path).readInto(memory.subarray(10, 20), 5)
    expect([...memory.slice(9, 21)]).toEqual([255, ...CONTENT.slice(5, 15), 255])
  })

  it('goes on after short reads', () => {
    const readSync = fs.readSync
    vi.spyOn(fs, 'readSync').mockImplementation(((
      fd: number,
      target: Uint8Array,
      from: number,
      length: number,
      at: number,
    ) => readSync(fd, target, from, Math.min(length, 7), at)) as typeof fs.readSync)
    const file = open(path)
    expect(file.read(1, 999)).toEqual(CONTENT.slice(1))
    expect(file.bytesRead).toBe(999)
  })

  it.each([
    [-1, 1],
    [0, 1001],
    [1001, 0],
    [0.5, 1],
    [NaN, 1],
    [0, -1],
    [2 ** 53, 1],
  ])('refuses %d + %d as a bug of the caller', (offset, length) => {
    expect(() => open(path).read(offset, length)).toThrow(RangeError)
  })

  it.each([
    ['EIO', 'FILE_READ_FAILED'],
    ['ESTALE', 'FILE_DEVICE_GONE'],
    ['ENXIO', 'FILE_DEVICE_GONE'],
    ['EACCES', 'FILE_UNREADABLE'],
  ])('reports %s while reading as %s with path and offset, not permanent', (errno, code) => {
    const file = open(path)
    vi.spyOn(fs, 'readSync').mockImplementation(() => {
      throw failure(errno)
    })
    expect(() => file.read(3, 4)).toThrow(expect.objectContaining({ code, path, offset: 3, permanent: false }))
  })

  it('lets bugs through', () => {
    const file = open(path)
    file.close()
    file.close()
    expect(() => file.read(0, 1)).toThrow('is closed')
  })
})

describe('a file that changes', () => {
  it('is told apart from one that does not', () => {
    const file = open(path)
    file.assertUnchanged()
    fs.appendFileSync(path, 'x')
    expect(() => file.assertUnchanged()).toThrow(expect.objectContaining({ code: 'FILE_CHANGED', path }))
  })

  it('of the same size and another time is changed', () => {
    const file = open(path)
    fs.utimesSync(path, 1, 1)
    expect(() => file.assertUnchanged()).toThrow(expect.objectContaining({ code: 'FILE_CHANGED' }))
  })

  it('ends early with the offset where it ends', () => {
    const file = open(path)
    fs.truncateSync(path, 600)
    expect(() => file.read(500, 200)).toThrow(expect.objectContaining({ code: 'FILE_TRUNCATED', offset: 600 }))
  })

  it('between finding and opening is refused, and left closed', () => {
    const identity = identify(path)
    fs.rmSync(path)
    fs.writeFileSync(path, CONTENT)
    fs.utimesSync(path, 1, 1)
    const close = vi.spyOn(fs, 'closeSync')
    expect(() => open(identity)).toThrow(expect.objectContaining({ code: 'FILE_CHANGED' }))
    expect(close).toHaveBeenCalledTimes(1)
  })

  it('can still be read when it was deleted after opening', () => {
    const file = open(path)
    fs.rmSync(path)
    expect(file.read(0, 4)).toEqual(CONTENT.slice(0, 4))
    file.assertUnchanged()
  })
})

describe('what cannot be opened', () => {
  it('says why', () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    fs.symlinkSync('nowhere', join(folder, 'link'))
    const codeOf = (name: string): unknown => {
      try {
        return open(join(folder, name))
      } catch (error) {
        return error
      }
    }
    expect(codeOf('pipe')).toMatchObject({ code: 'FILE_NOT_REGULAR', path: pipe })
    expect(codeOf('.')).toMatchObject({ code: 'FILE_NOT_REGULAR' })
    expect(codeOf('gone')).toMatchObject({ code: 'FILE_NOT_FOUND' })
    expect(codeOf('link')).toMatchObject({ code: 'FILE_LINK_BROKEN' })
    expect(codeOf('x'.repeat(300))).toMatchObject({ code: 'FILE_PATH_TOO_LONG' })
  })

  it('does not hang when a pipe takes the place of the file just before it is opened', () => {
    const openSync = fs.openSync
    vi.spyOn(fs, 'openSync').mockImplementation((...call) => {
      fs.rmSync(path)
      execFileSync('mkfifo', [path])
      return openSync(...call)
    })
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'FILE_NOT_REGULAR' }))
  })

  it.skipIf(process.getuid?.() === 0)('says when permission is missing', () => {
    fs.chmodSync(path, 0)
    expect(() => open(path)).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }))
  })
})
