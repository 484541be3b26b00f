import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Graph, Relation } from '../../src-main/contract/graph.ts'
import { openPool } from '../../src-main/engine/pool.ts'
import { recoverFolder } from '../../src-main/engine/recover-folder.ts'
import { openFile } from '../../src-main/files/open.ts'
import { readHeader } from '../../src-main/formats/safetensors/header.ts'
import { encodeSafetensors, type TensorToWrite } from '../support/write-safetensors.ts'
import { openPlace } from './place.ts'

const place = openPlace()
const sample = fileURLToPath(new URL('../../resources/sample-family/models', import.meta.url))
const family = fs.readdirSync(sample).map((name) => ({ name, tensors: readTensors(join(sample, name)) }))

/** The tensors of all files of one model. */
function readTensors(folder: string): TensorToWrite[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.safetensors'))
  return names.flatMap((weights) => {
    const file = openFile(join(folder, weights))
    try {
      return readHeader(file).map(({ name, dtype, shape, offset, length }) => {
        return { name, dtype, shape, data: file.read(offset, length) }
      })
    } finally {
      file.close()
    }
  })
}

async function recover(folder: string): Promise<Graph> {
  const { graph } = await recoverFolder({ folders: [folder], library: place.library, openPool: () => openPool(2) })
  return graph
}

/** Relations between weights instead of names. Equal weights are interchangeable, and have no direction. */
function relations({ models, relations: found }: Graph): string[] {
  const hashes = new Map(models.map(({ id, contentHash }) => [id, contentHash]))
  const line = ({ parent, child, type, directed, rank }: Relation): string => {
    const ends = [hashes.get(parent)!, hashes.get(child)!]
    const kind = type === 'renamed' ? 'copy' : type
    return `${(directed ? ends : ends.sort()).join(directed ? ' > ' : ' = ')} ${kind} ${rank ?? ''}`
  }
  return found.map(line).sort()
}

/** A name that says nothing about its place, and sorts anywhere. */
function scramble(name: string, salt = ''): string {
  return createHash('sha256')
    .update(salt + name)
    .digest('hex')
    .slice(0, 12)
}

interface Rewriting {
  readonly folder: (name: string, index: number) => string
  readonly tensor: (name: string, index: number) => string
  readonly shards: (index: number) => number
}

const asIs: Rewriting = { folder: (name) => name, tensor: (name) => name, shards: () => 1 }

/** Writes the family anew, its tensors always in another order than before. */
function rewrite(folder: string, { folder: folderName, tensor: tensorName, shards }: Rewriting): void {
  for (const [index, { name, tensors }] of family.entries()) {
    const path = join(folder, folderName(name, index))
    fs.mkdirSync(path, { recursive: true })
    const renamed = tensors.map((tensor) => ({ ...tensor, name: tensorName(tensor.name, index) }))
    const order = renamed.sort((a, b) => (scramble(a.name) < scramble(b.name) ? -1 : 1))
    writeShards(path, order, shards(index))
  }
}

function writeShards(folder: string, tensors: readonly TensorToWrite[], count: number): void {
  if (count === 1) return fs.writeFileSync(join(folder, 'model.safetensors'), encodeSafetensors(tensors))
  const fileOf = (position: number): string => `model-0000${(position % count) + 1}-of-0000${count}.safetensors`
  const groups = Map.groupBy(tensors.entries(), ([position]) => fileOf(position))
  for (const [file, group] of groups)
    fs.writeFileSync(join(folder, file), encodeSafetensors(group.map(([, tensor]) => tensor)))
  const index = { weight_map: Object.fromEntries(tensors.map(({ name }, position) => [name, fileOf(position)])) }
  fs.writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify(index))
}

describe('the recovered relations', () => {
  let expected: string[]
  beforeAll(async () => {
    expected = relations(await recover(sample))
  })

  it('are those of ten trainings', () => {
    expect(expected).toHaveLength(10)
  })

  it.each<[string, Partial<Rewriting>]>([
    [
      'other folders and another order of tensors',
      { folder: (name) => join(scramble(name).slice(0, 1), scramble(name)) },
    ],
    ['shards, a different number in each model', { shards: (index) => 1 + (index % 3) }],
    [
      'a prefix before the names of every second model',
      { tensor: (name, i) => (i % 2 === 0 ? name : `base_model.model.${name}`) },
    ],
    ['names that say nothing', { tensor: (name) => scramble(name) }],
    [
      'names that say nothing and differ in every third model',
      { tensor: (name, i) => (i % 3 === 0 ? scramble(name, String(i)) : name) },
    ],
  ])('stay the same with %s', async (how, change) => {
    const folder = join(place.folder, how.replaceAll(' ', '-'))
    rewrite(folder, { ...asIs, ...change })
    expect(relations(await recover(folder))).toEqual(expected)
  })
})
