import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileProblem } from '../../src-main/contract/problems.ts'
import type { FoundModel } from '../../src-main/files/types.ts'
import { findModels } from '../../src-main/files/walk.ts'

let root: string
beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), 'heirloom-walk-'))
})
afterEach(() => fs.rmSync(root, { recursive: true }))

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    fs.mkdirSync(dirname(join(root, path)), { recursive: true })
    fs.writeFileSync(join(root, path), path)
  }
}

function link(target: string, path: string): void {
  fs.mkdirSync(dirname(join(root, path)), { recursive: true })
  fs.symlinkSync(target, join(root, path))
}

/** One line for each finding: "layout path: files" or "CODE path". */
function walk(start = root): string[] {
  return [...findModels(start)].map((found) => {
    if (found instanceof FileProblem) return `${found.code} ${relative(root, found.path)}`
    return `${found.layout} ${found.path}: ${found.files.map(({ path }) => relative(found.location, path)).join(' ')}`
  })
}

function only(start = root): FoundModel {
  const [found, ...rest] = findModels(start)
  if (found === undefined || found instanceof FileProblem || rest.length > 0) throw new Error('expected one model')
  return found
}

describe('layouts', () => {
  it.each([
    'model.safetensors',
    'diffusion_pytorch_model.safetensors',
    'pytorch_model.safetensors',
    'consolidated.safetensors',
  ])('a folder with %s is a model', (name) => {
    write(`a/${name}`, 'a/config.json', 'a/tokenizer.json')
    expect(walk()).toEqual([`folder a: ${name}`])
  })

  it('a folder with an adapter is an adapter', () => {
    write('a/adapter_model.safetensors', 'a/adapter_config.json')
    expect(only()).toMatchObject({ kind: 'adapter', layout: 'folder', path: 'a' })
  })

  it('any other weight file is a model of its own', () => {
    write('a/lora.safetensors', 'a/style.safetensors', 'notes.txt', 'a/weights.bin')
    expect(walk()).toEqual(['bare a/lora.safetensors: ', 'bare a/style.safetensors: '])
  })

  it('an index and its shards are one model', () => {
    write('a/model-00001-of-00002.safetensors', 'a/model-00002-of-00002.safetensors', 'a/mtp.safetensors')
    write('a/model.safetensors.index.json')
    expect(walk()).toEqual([
      'sharded a: model-00001-of-00002.safetensors model-00002-of-00002.safetensors ' +
        'model.safetensors.index.json mtp.safetensors',
    ])
  })

  it('an index beside one whole file describes that file', () => {
    write('a/model.safetensors', 'a/model.safetensors.index.json')
    expect(walk()).toEqual(['sharded a: model.safetensors model.safetensors.index.json'])
  })

  it('a second form of the weights beside numbered shards is a model of its own', () => {
    write('a/consolidated.safetensors', 'a/model-00001-of-00001.safetensors', 'a/model.safetensors.index.json')
    expect(walk()).toEqual([
      'sharded a: model-00001-of-00001.safetensors model.safetensors.index.json',
      'bare a/consolidated.safetensors: ',
    ])
  })

  it('a model and its adapter in one folder have different paths', () => {
    write('a/model.safetensors', 'a/adapter_model.safetensors')
    expect(walk()).toEqual(['folder a: model.safetensors', 'bare a/adapter_model.safetensors: '])
  })

  it('two indexes in one folder share the shards by name', () => {
    write(
      'a/x-1-of-1.safetensors',
      'a/x.safetensors.index.json',
      'a/y-1-of-1.safetensors',
      'a/y.safetensors.index.json',
    )
    expect([...findModels(root)]).toMatchObject([
      { layout: 'sharded', path: 'a', files: [{}, {}] },
      { layout: 'sharded', path: 'a/y.safetensors.index.json', files: [{}, {}] },
    ])
  })

  it('a pipeline is one model of its components, variants and other files are their own', () => {
    write('p/model_index.json', 'p/whole.safetensors', 'p/scheduler/scheduler_config.json')
    write('p/unet/diffusion_pytorch_model-1-of-1.safetensors')
    write('p/unet/diffusion_pytorch_model.safetensors.index.json')
    write('p/vae/diffusion_pytorch_model.safetensors', 'p/vae/diffusion_pytorch_model.fp16.safetensors')
    expect(walk()).toEqual([
      'pipeline p: unet/diffusion_pytorch_model-1-of-1.safetensors ' +
        'unet/diffusion_pytorch_model.safetensors.index.json vae/diffusion_pytorch_model.safetensors',
      'bare p/whole.safetensors: ',
      'bare p/vae/diffusion_pytorch_model.fp16.safetensors: ',
    ])
    const [pipeline] = findModels(root)
    const prefixes = pipeline instanceof FileProblem ? undefined : pipeline?.prefixes
    expect(prefixes?.get(join(root, 'p/vae/diffusion_pytorch_model.safetensors'))).toBe('vae/')
  })

  it('a pipeline with a component that cannot be looked at falls apart into the others', () => {
    write('p/model_index.json', 'p/vae/model.safetensors')
    link('nowhere', 'p/unet/model.safetensors')
    expect(walk()).toEqual(['FILE_LINK_BROKEN p/unet/model.safetensors', 'folder p/vae: model.safetensors'])
  })
})

describe('the start of the walk', () => {
  it('may be the folder of a model', () => {
    write('model.safetensors')
    expect(only()).toMatchObject({ path: '.', location: root, layout: 'folder' })
  })

  it('may be a file of any name', () => {
    write('blob')
    expect(only(join(root, 'blob'))).toMatchObject({ path: 'blob', layout: 'bare', kind: 'model' })
  })

  it('may be missing', () => {
    expect(walk(join(root, 'gone'))).toEqual(['FOLDER_NOT_FOUND gone'])
  })

  it('may be a pipe, which is not opened', () => {
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect(walk(join(root, 'pipe'))).toEqual(['FILE_NOT_REGULAR pipe'])
  })
})

describe('order and identity', () => {
  it('sorts names by code unit and visits a folder before its subfolders', () => {
    write('b/model.safetensors', 'b/c/model.safetensors', 'a/model.safetensors', 'B/model.safetensors')
    write('b-1/model.safetensors', 'z.safetensors')
    expect([...findModels(root)]).toMatchObject(
      ['z.safetensors', 'B', 'a', 'b', 'b/c', 'b-1'].map((path) => ({ path })),
    )
  })

  it('tells size, time, device and inode exactly', () => {
    write('model.safetensors')
    const stat = fs.statSync(join(root, 'model.safetensors'), { bigint: true })
    expect(only().files).toEqual([
      {
        path: join(root, 'model.safetensors'),
        size: 17,
        mtimeNs: String(stat.mtimeNs),
        device: String(stat.dev),
        inode: String(stat.ino),
      },
    ])
  })
})

describe('links', () => {
  it('ends in cycles', () => {
    write('a/model.safetensors')
    link('..', 'a/up')
    link('.', 'a/self')
    expect(walk()).toEqual(['folder a: model.safetensors'])
  })

  it('counts a file once, whatever its names', () => {
    write('a/model.safetensors')
    fs.mkdirSync(join(root, 'b'))
    fs.linkSync(join(root, 'a/model.safetensors'), join(root, 'b/model.safetensors'))
    link('../a/model.safetensors', 'c/model.safetensors')
    link('a', 'd')
    expect(walk()).toEqual(['folder a: model.safetensors'])
  })

  it('counts the snapshots of a hub cache once, unless one has other shards', () => {
    write('m/blobs/01', 'm/blobs/02', 'm/blobs/03', 'm/blobs/04.incomplete', 'm/.no_exist/r/model.safetensors')
    write('.locks/m/01.lock')
    for (const [revision, second] of [
      ['r1', '02'],
      ['r2', '02'],
      ['r3', '03'],
    ]) {
      write(`m/snapshots/${revision}/model.safetensors.index.json`)
      link('../../blobs/01', `m/snapshots/${revision}/model-1-of-2.safetensors`)
      link(`../../blobs/${second}`, `m/snapshots/${revision}/model-2-of-2.safetensors`)
    }
    expect([...findModels(root)]).toMatchObject([{ path: 'm/snapshots/r1' }, { path: 'm/snapshots/r3' }])
  })

  it('reports links that lead nowhere and goes on', () => {
    link('nowhere', 'a/model.safetensors')
    link('nowhere', 'drive')
    link('loop.safetensors', 'loop.safetensors')
    link('user@host.1234', '.lock')
    write('z/model.safetensors')
    expect(walk()).toEqual([
      'FILE_LINK_BROKEN drive',
      'FILE_LINK_LOOP loop.safetensors',
      'FILE_LINK_BROKEN a/model.safetensors',
      'folder z: model.safetensors',
    ])
  })
})

describe('what is no model', () => {
  it('leaves out version control, bins, unfinished downloads and notes of macOS', () => {
    write('.git/x.safetensors', '.Trash-1000/x.safetensors', 'a/model.safetensors.incomplete', 'a/._model.safetensors')
    write('.cache/hub/model.safetensors')
    expect(walk()).toEqual(['folder .cache/hub: model.safetensors'])
  })

  it('reports pipes, sockets and devices under the name of weights', () => {
    execFileSync('mkfifo', [join(root, 'pipe.safetensors')])
    link('/dev/null', 'device.safetensors')
    write('z.safetensors')
    expect(walk()).toEqual([
      'FILE_NOT_REGULAR device.safetensors',
      'FILE_NOT_REGULAR pipe.safetensors',
      'bare z.safetensors: ',
    ])
  })

  it('walks into a folder that is named like a file', () => {
    write('a.safetensors/model.safetensors')
    expect(walk()).toEqual(['folder a.safetensors: model.safetensors'])
  })
})

describe('what cannot be looked at', () => {
  it.skipIf(process.getuid?.() === 0)('reports a folder without permission and goes on', () => {
    write('a/model.safetensors', 'b/model.safetensors')
    fs.chmodSync(join(root, 'a'), 0)
    expect(walk()).toEqual(['FOLDER_UNREADABLE a', 'folder b: model.safetensors'])
    fs.chmodSync(join(root, 'a'), 0o700)
  })

  it('reports a file and a folder that vanish during the walk', () => {
    write('a/1.safetensors', 'a/2.safetensors', 'b/model.safetensors', 'c/model.safetensors')
    const found = findModels(root)
    found.next()
    fs.rmSync(join(root, 'a/2.safetensors'))
    fs.rmSync(join(root, 'b'), { recursive: true })
    expect([...found]).toMatchObject([{ code: 'FILE_NOT_FOUND' }, { code: 'FOLDER_NOT_FOUND' }, { path: 'c' }])
  })

  it.runIf(process.platform === 'linux')('reports names that are not UTF-8', () => {
    const bad = (name: string): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')])
    fs.writeFileSync(bad('a\xff.safetensors'), '')
    fs.mkdirSync(bad('b\xff'))
    write('z.safetensors')
    expect(walk()).toEqual([
      'FILE_NAME_NOT_UTF8 a\ufffd.safetensors',
      'bare z.safetensors: ',
      'FILE_NAME_NOT_UTF8 b\ufffd',
    ])
  })
})
