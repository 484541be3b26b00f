import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileProblem, PROBLEM_KINDS } from '../../src-main/contract/problems.ts'
import { readHeader } from '../../src-main/formats/safetensors/header.ts'
import { memorySource } from '../formats/memory-source.ts'
import { encodeSafetensors, float32 } from '../support/write-safetensors.ts'
import { BENIGN_FIXTURES, HOSTILE_FIXTURES } from './fixtures.ts'
import { scan, type Scanned } from './scan.ts'

const root = fs.mkdtempSync(join(tmpdir(), 'heirloom-hostile-'))
afterAll(() => fs.rmSync(root, { recursive: true }))

/** Writes each fixture and scans the folder that holds them all. */
function scanAll(name: string, fixtures: readonly { write(folder: string): void }[]): Scanned {
  const folder = join(root, name)
  fs.mkdirSync(folder)
  for (const fixture of fixtures) fixture.write(folder)
  return scan(folder)
}

describe('a folder of bad models', () => {
  let scanned: Scanned
  beforeAll(() => {
    scanned = scanAll('bad', HOSTILE_FIXTURES)
  })

  it.each(HOSTILE_FIXTURES)('$code: $name', ({ name, code }) => {
    const rows = scanned.problems.filter(({ path }) => relative(join(root, 'bad'), path).split('/')[0] === name)
    expect(rows.map((row) => row.code)).toEqual([code])
    expect(rows[0]?.message).toMatch(/^(?:[\x20-\x7e…]|(?<=\d)\u00a0(?=\d))+$/)
  })

  it('yields no model', () => {
    expect([...scanned.models.keys()]).toEqual([])
  })

  it('has a fixture for every fault that lies in a file', () => {
    // An engine that dies is no fault that a fixture could hold (test/engine), and claims lie beside the weights (test/claims).
    const permanent = Object.entries(PROBLEM_KINDS).flatMap(([code, kind]) =>
      kind.permanent && code !== 'ENGINE_DIED' && !code.startsWith('CLAIM_') ? [code] : [],
    )
    const tested = new Set<string>(HOSTILE_FIXTURES.map(({ code }) => code))
    expect(permanent.filter((code) => !tested.has(code))).toEqual([])
  })
})

describe('a folder of odd but valid models', () => {
  let scanned: Scanned
  beforeAll(() => {
    scanned = scanAll('odd', BENIGN_FIXTURES)
  })

  it('has no problem', () => {
    expect(scanned.problems).toEqual([])
  })

  it.each(BENIGN_FIXTURES)('$name', ({ name }) => {
    expect(scanned.models.get(name)).not.toHaveLength(0)
  })
})

describe('a damaged header', () => {
  const valid = encodeSafetensors([float32('weight', [1, 2, 3]), float32('bias', [4])], { format: 'pt' })
  const change = fc.record({ at: fc.nat(valid.length - 1), byte: fc.nat(255) })

  it.each([
    ['with changed bytes', (bytes: Uint8Array) => bytes],
    ['cut short', (bytes: Uint8Array) => bytes.slice(0, (bytes[0] ?? 0) % bytes.length)],
  ])('%s is read within the file or refused', (_, damage) => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = valid.slice()
        for (const { at, byte } of changes) bytes[at] = byte
        const damaged = damage(bytes)
        try {
          for (const { offset, length } of readHeader(memorySource(damaged))) {
            expect(offset).toBeGreaterThanOrEqual(8)
            expect(offset + length).toBeLessThanOrEqual(damaged.length)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(FileProblem)
          expect((error as FileProblem).offset ?? 0).toBeLessThanOrEqual(damaged.length)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
