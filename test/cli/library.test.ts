import fs from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { PROBLEM_KINDS } from '../../src-main/contract/problems.ts'
import { SAMPLE, workplace } from './workplace.ts'

const place = workplace()
const models = join(place.folder, 'models')
for (const name of ['oak', 'ash', 'yew']) {
  fs.cpSync(join(SAMPLE, 'models', name), join(models, name), { recursive: true })
}

describe('library', () => {
  it('lists, counts and forgets', () => {
    expect(place.run('library', 'list').stdout).toBe('The library is empty: "heirloom scan FOLDER" fills it.\n')
    fs.writeFileSync(join(models, 'bad.safetensors'), 'x')
    place.run('scan', models)

    const listed = place.run('library', 'list').stdout.trimEnd().split('\n')
    expect(listed).toHaveLength(3)
    for (const [i, name] of ['ash', 'oak', 'yew'].entries()) {
      expect(listed[i]).toMatch(/^\d+ kB  \d{4}-\d\d-\d\d  \//)
      expect(listed[i]).toContain(join(models, name))
    }
    const stats = place.run('library', 'stats').stdout
    expect(stats).toContain(place.library)
    expect(stats).toMatch(/^models +3 \(216 tensors, 979 kB of weights\)$/m)
    expect(stats).toMatch(/^bad files +1 remembered$/m)

    expect(place.run('library', 'forget', join(models, 'oak')).stdout).toBe('1 entry dropped.\n')
    expect(place.run('library', 'list').stdout).not.toContain('oak')
    expect(place.run('library', 'forget', './models').stdout).toBe('3 entries dropped.\n')
    expect(place.run('library', 'forget', models).stdout).toBe(`The library holds nothing at or below ${models}.\n`)
  })

  it('is empty after clear, and the models are read again', () => {
    const first = place.tree(models)
    expect(place.run('library', 'clear').stdout).toBe('4 entries dropped.\n')
    const second = place.tree(models)
    expect(second.bytesRead).toBe(first.bytesRead)
    expect(second.stdout).toBe(first.stdout)
  })

  it('is created where it is asked for, with the folders above it', () => {
    const library = join(place.folder, 'new', 'folders', 'library.db')
    expect(place.run('scan', join(models, 'oak'), '--library', library).status).toBe(0)
    expect(fs.existsSync(library)).toBe(true)
  })

  it('is set aside when it is damaged, and everything goes on with a new one', () => {
    const library = join(place.folder, 'damaged.db')
    const before = place.run('tree', models, '-f', 'json', '--library', library)
    fs.writeFileSync(library, Buffer.alloc(100_000, 'damaged'))
    for (const beside of ['-wal', '-shm']) fs.rmSync(library + beside, { force: true })

    const after = place.run('tree', models, '-f', 'json', '--library', library)
    expect(after.status).toBe(before.status)
    expect(after.stdout).toBe(before.stdout)
    expect(after.stderr).toMatch(/damaged\.db\.damaged-\d{8}-\d{6}/)
    expect(fs.readdirSync(place.folder).filter((name) => name.startsWith('damaged.db.damaged-'))).toHaveLength(1)
    expect(place.run('tree', models, '-f', 'json', '--library', library).stderr).toBe('')
  })

  const withPragma = (name: string, pragma: string): string => {
    const library = join(place.folder, name)
    place.run('scan', join(models, 'oak'), '--library', library)
    const database = new Database(library)
    database.pragma(pragma)
    database.close()
    return library
  }

  it.each([
    ['of a newer Heirloom', 'LIBRARY_NEWER', withPragma('newer.db', 'user_version = 9999')],
    ['of another program', 'LIBRARY_FOREIGN', withPragma('foreign.db', 'application_id = 7')],
  ] as const)('%s: %s with its remedy, status 4, and the file stays as it is', (_, code, library) => {
    const bytes = fs.readFileSync(library)
    const { status, stdout, stderr } = place.run('tree', models, '--library', library)
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' })
    expect(stderr).toContain(code)
    expect(stderr).toContain(library)
    expect(stderr).toContain(PROBLEM_KINDS[code].remedy)
    expect(fs.readFileSync(library).equals(bytes)).toBe(true)
  })

  it('that cannot be created: LIBRARY_UNAVAILABLE, status 4', () => {
    const { status, stderr } = place.run('library', 'list', '--library', join(models, 'bad.safetensors', 'library.db'))
    expect(status).toBe(4)
    expect(stderr).toContain('LIBRARY_UNAVAILABLE')
  })
})
