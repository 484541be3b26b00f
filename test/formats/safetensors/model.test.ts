import { describe, expect, it } from 'vitest'
import { readIndex } from '../../../src-main/formats/safetensors/index.ts'
import { readModel } from '../../../src-main/formats/safetensors/model.ts'
import type { ByteSource } from '../../../src-main/formats/types.ts'
import { encodeSafetensors, float32 } from '../../support/write-safetensors.ts'
import { memorySource } from '../memory-source.ts'

function encode(...names: readonly string[]): Uint8Array {
  return encodeSafetensors(names.map((name) => float32(name, [1, 2])))
}

function index(weightMap: Readonly<Record<string, string>>): Uint8Array {
  return Buffer.from(JSON.stringify({ metadata: { total_size: 16 }, weight_map: weightMap }))
}

/** Names and files of the tensors of a model made of these files, and which files were opened. */
function read(files: Readonly<Record<string, Uint8Array>>, prefixes: Readonly<Record<string, string>> = {}) {
  const opened: string[] = []
  const open = (path: string): ByteSource => {
    opened.push(path)
    return memorySource(files[path] ?? new Uint8Array(0), path)
  }
  const found = {
    location: '/m',
    files: Object.keys(files).map((path) => ({ path })),
    prefixes: new Map(Object.entries(prefixes)),
  }
  const tensors = readModel(found, open).map(({ name, file }) => [name, file])
  return { tensors, opened }
}

describe('readModel', () => {
  it('lists the tensors of a single file', () => {
    expect(read({ '/m/model.safetensors': encode('b', 'a') }).tensors).toEqual([
      ['b', '/m/model.safetensors'],
      ['a', '/m/model.safetensors'],
    ])
  })

  it('follows the index to its shards and leaves other files closed', () => {
    const { tensors, opened } = read({
      '/m/model-1.safetensors': encode('a', 'unnamed'),
      '/m/model-2.safetensors': encode('b'),
      '/m/model.safetensors.index.json': index({ b: 'model-2.safetensors', a: 'model-1.safetensors' }),
      '/m/other.safetensors': encode('a'),
    })
    expect(tensors).toEqual([
      ['a', '/m/model-1.safetensors'],
      ['unnamed', '/m/model-1.safetensors'],
      ['b', '/m/model-2.safetensors'],
    ])
    expect(opened).not.toContain('/m/other.safetensors')
  })

  it('finds shards by their name on Windows too', () => {
    const { tensors } = read({
      'C:\\m\\model-1.safetensors': encode('a'),
      'C:\\m\\model.safetensors.index.json': index({ a: 'model-1.safetensors' }),
    })
    expect(tensors).toEqual([['a', 'C:\\m\\model-1.safetensors']])
  })

  it('puts the component of a pipeline before its names, single or sharded', () => {
    const { tensors } = read(
      {
        '/m/unet/model-1.safetensors': encode('a'),
        '/m/unet/model.safetensors.index.json': index({ a: 'model-1.safetensors' }),
        '/m/vae/model.safetensors': encode('a'),
      },
      {
        '/m/unet/model-1.safetensors': 'unet/',
        '/m/unet/model.safetensors.index.json': 'unet/',
        '/m/vae/model.safetensors': 'vae/',
      },
    )
    expect(tensors).toEqual([
      ['unet/a', '/m/unet/model-1.safetensors'],
      ['vae/a', '/m/vae/model.safetensors'],
    ])
  })
})

describe('readIndex', () => {
  it('reads half a million names', () => {
    const entries = Array.from({ length: 500_000 }, (_, row): [string, string] => [`t${row}`, 'model-1.safetensors'])
    expect(readIndex(memorySource(index(Object.fromEntries(entries)))).size).toBe(500_000)
  })

  it('keeps names that a plain object would lose', () => {
    const map = readIndex(memorySource(Buffer.from('{"weight_map":{"__proto__":"a.safetensors"}}')))
    expect([...map]).toEqual([['__proto__', 'a.safetensors']])
  })
})
