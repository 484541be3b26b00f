import fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { float32, writeSafetensors } from '../support/write-safetensors.ts'
import { SAMPLE, workplace } from './workplace.ts'

const place = workplace()
const sample = (name: string): string => join(SAMPLE, 'models', name)

describe('compare', () => {
  it('says how two models are related, and where they differ', () => {
    const { status, stdout, stderr } = place.run('compare', sample('oak'), sample('ash'))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^Consistent with a fine-tune: \d+ of \d+ matrices differ /)
    expect(stdout).toMatch(/^\d+ tensors? equal, \d+ changed, \d+ without a counterpart/m)
    expect(stdout).toMatch(/^tensor +change +cosine +rank +equal +kurtosis A +kurtosis B$/m)
    expect(stdout).toMatch(/^vit\.encoder\.layer\.3\.output\.dense\.weight +[\d.]+ % +[\d.]+ /m)
  })

  it('knows a copy', () => {
    const { stdout } = place.run('compare', sample('maple'), sample('cedar'))
    expect(stdout).toMatch(/^Every tensor is equal to the last bit/)
    expect(stdout).toMatch(/, 0 changed, 0 without/)
  })

  it('finds no relation where there is none', () => {
    const { status, stdout } = place.run('compare', sample('oak'), sample('yew'))
    expect(status).toBe(0)
    expect(stdout).toMatch(/^No relation found: the weights have no more in common than independent models do\.\n/)
  })

  it('says that two architectures cannot be compared', () => {
    const other = join(place.folder, 'other.safetensors')
    writeSafetensors(other, [float32('a', [1, 2, 3])])
    const { status, stdout } = place.run('compare', sample('oak'), other)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Not comparable: /)
  })

  it('takes a folder that holds one model further down', () => {
    const above = join(place.folder, 'above')
    fs.cpSync(sample('oak'), join(above, 'below'), { recursive: true })
    expect(place.run('compare', above, sample('oak')).stdout).toMatch(/^Every tensor is equal to the last bit/)
  })

  it.each([
    ['missing', join(place.folder, 'nowhere')],
    ['a folder of several models', join(SAMPLE, 'models')],
  ])('fails in words where one of them is %s', (_, path) => {
    const { status, stdout, stderr } = place.run('compare', sample('oak'), path)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toBe(
      `error: ${path} is not one readable model. "heirloom scan ${path}" shows what is there and what is wrong.\n`,
    )
  })

  it('does not compare with what was at that place before', () => {
    const gone = join(place.folder, 'gone')
    fs.cpSync(sample('oak'), gone, { recursive: true })
    place.run('scan', gone)
    fs.rmSync(gone, { recursive: true })
    expect(place.run('compare', sample('oak'), gone)).toMatchObject({ status: 1, stdout: '' })
  })
})
